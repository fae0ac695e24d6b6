import type { Command } from '../../command.ts'
import { currentContext, deleteEntry, getContexts, getNames, renameContext, useContext } from './contexts.ts'
import { setCluster, setContext, setCredentials } from './entries.ts'
import { setProperty, unsetProperty } from './properties.ts'
import { view } from './view.ts'

export const config: Command = {
  name: 'config',
  short: 'Modify kubeconfig files',
  long: `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 The loading order follows these rules:

  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.
  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.
  3.  Otherwise, \${HOME}/.kube/config is used and no merging takes place.`,
  use: 'config SUBCOMMAND',
  subcommands: [
    currentContext,
    deleteEntry('cluster', 'clusters', 'Delete the specified cluster from the kubeconfig'),
    deleteEntry('context', 'contexts', 'Delete the specified context from the kubeconfig'),
    deleteEntry('user', 'users', 'Delete the specified user from the kubeconfig'),
    getNames('get-clusters', 'clusters', 'Display clusters defined in the kubeconfig'),
    getContexts,
    getNames('get-users', 'users', 'Display users defined in the kubeconfig'),
    renameContext,
    setProperty,
    setCluster,
    setContext,
    setCredentials,
    unsetProperty,
    useContext,
    view,
  ],
}
