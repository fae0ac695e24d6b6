import {
  allFlag,
  dryRunFlag,
  fieldManagerFlag,
  filenameFlags,
  selectorFlag,
  subresourceFlag,
  validateFlag,
} from '../../builder/flags.ts'
import { array, bool, duration, type FlagSpec, int, string } from '../../flags/flag.ts'
import { printFlags } from '../../printers/print-flags.ts'

export const APPLY_FLAGS: FlagSpec[] = [
  ...printFlags(),
  ...filenameFlags('that contains the configuration to apply'),
  allFlag('Select all resources in the namespace of the specified resource types.'),
  string(
    'applyset',
    '[alpha] The name of the ApplySet that tracks which resources are being managed, for the purposes of determining what to prune.',
  ),
  string(
    'cascade',
    'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
    { default: 'background', alone: 'background' },
  ),
  dryRunFlag(),
  fieldManagerFlag('kubectl-client-side-apply'),
  bool(
    'force',
    'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
  ),
  bool('force-conflicts', 'If true, server-side apply will force the changes against conflicts.'),
  int(
    'grace-period',
    'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
    { default: '-1' },
  ),
  bool(
    'openapi-patch',
    'If true, use openapi to calculate diff when the openapi presents and the resource can be found in the openapi spec. Otherwise, fall back to use baked-in types.',
    { default: 'true' },
  ),
  bool(
    'overwrite',
    'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration',
    { default: 'true' },
  ),
  bool(
    'prune',
    'Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config. Should be used with either -l or --all.',
  ),
  array('prune-allowlist', 'Overwrite the default allowlist with <group/version/kind> for --prune'),
  selectorFlag(),
  bool('server-side', 'If true, apply runs in the server instead of the client.'),
  subresourceFlag(),
  duration(
    'timeout',
    'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
  ),
  validateFlag(),
  bool('wait', 'If true, wait for resources to be gone before returning. This waits for finalizers.'),
]
