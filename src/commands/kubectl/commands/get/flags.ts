import {
  allNamespacesFlag,
  chunkSizeFlag,
  fieldSelectorFlag,
  filenameFlags,
  selectorFlag,
  subresourceFlag,
} from '../../builder/flags.ts'
import { bool, type FlagSpec, list, string } from '../../flags/flag.ts'
import { printFlags } from '../../printers/print-flags.ts'

export const GET_FLAGS: FlagSpec[] = [
  ...printFlags().map((flag) =>
    flag.name === 'output'
      ? {
          ...flag,
          usage:
            'Output format. One of: (json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file, wide). See custom columns [https://kubernetes.io/docs/reference/kubectl/#custom-columns], golang template [http://golang.org/pkg/text/template/#pkg-overview] and jsonpath template [https://kubernetes.io/docs/reference/kubectl/jsonpath/].',
        }
      : flag,
  ),
  ...filenameFlags('identifying the resource to get from a server.'),
  allNamespacesFlag(),
  chunkSizeFlag(),
  fieldSelectorFlag(),
  selectorFlag(),
  subresourceFlag('[status scale resize]'),
  bool(
    'ignore-not-found',
    'If set to true, suppresses NotFound error for specific objects that do not exist. Using this flag with commands that query for collections of resources has no effect when no resources are found.',
  ),
  list(
    'label-columns',
    'Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...',
    { shorthand: 'L' },
  ),
  bool(
    'no-headers',
    "When using the default or custom-column output format, don't print headers (default print headers).",
  ),
  bool(
    'output-watch-events',
    'Output watch event objects when --watch or --watch-only is used. Existing objects are output as initial ADDED events.',
  ),
  string('raw', 'Raw URI to request from the server.  Uses the transport specified by the kubeconfig file.'),
  bool(
    'server-print',
    'If true, have the server return the appropriate table output. Supports extension APIs and CRDs.',
    { default: 'true' },
  ),
  bool('show-kind', 'If present, list the resource type for the requested object(s).'),
  bool('show-labels', 'When printing, show all labels as the last column (default hide labels column)'),
  string(
    'sort-by',
    "If non-empty, sort list types using this field specification.  The field specification is expressed as a JSONPath expression (e.g. '{.metadata.name}'). The field in the API resource specified by this JSONPath expression must be an integer or a string.",
  ),
  bool('watch', 'After listing/getting the requested object, watch for changes.', { shorthand: 'w' }),
  bool('watch-only', 'Watch for changes to the requested object(s), without listing/getting first.'),
]
