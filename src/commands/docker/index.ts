import type { Program } from '../../sim/linux/process.ts'
import { build } from './builder/build.ts'
import { pruneBuilder } from './builder/prune.ts'
import type { DockerCommand } from './cli/command.ts'
import { runDocker } from './cli/run-docker.ts'
import { attach } from './container/attach.ts'
import { commit } from './container/commit.ts'
import { cp } from './container/cp.ts'
import { create } from './container/create.ts'
import { diff } from './container/diff.ts'
import { exec } from './container/exec.ts'
import { exportContainer } from './container/export.ts'
import { inspectContainers } from './container/inspect.ts'
import { kill } from './container/kill.ts'
import { logs } from './container/logs.ts'
import { pause } from './container/pause.ts'
import { port } from './container/port.ts'
import { pruneContainers } from './container/prune.ts'
import { ps } from './container/ps.ts'
import { rename } from './container/rename.ts'
import { restart } from './container/restart.ts'
import { rm } from './container/rm.ts'
import { run } from './container/run.ts'
import { start } from './container/start.ts'
import { stats } from './container/stats.ts'
import { stop } from './container/stop.ts'
import { top } from './container/top.ts'
import { unpause } from './container/unpause.ts'
import { update } from './container/update.ts'
import { wait } from './container/wait.ts'
import { listContexts } from './context/ls.ts'
import { showContext } from './context/show.ts'
import { GROUPS } from './groups.ts'
import { history } from './image/history.ts'
import { importImage } from './image/import.ts'
import { inspectImages } from './image/inspect.ts'
import { load } from './image/load.ts'
import { images } from './image/ls.ts'
import { pruneImages } from './image/prune.ts'
import { pull } from './image/pull.ts'
import { push } from './image/push.ts'
import { rmi } from './image/rm.ts'
import { save } from './image/save.ts'
import { tag } from './image/tag.ts'
import { connectNetwork } from './network/connect.ts'
import { createNetwork } from './network/create.ts'
import { disconnectNetwork } from './network/disconnect.ts'
import { inspectNetworks } from './network/inspect.ts'
import { listNetworks } from './network/ls.ts'
import { pruneNetworks } from './network/prune.ts'
import { removeNetworks } from './network/rm.ts'
import { overviewWith } from './overview.ts'
import { pluginCall } from './plugins.ts'
import { login } from './registry/login.ts'
import { logout } from './registry/logout.ts'
import { search } from './registry/search.ts'
import { listConfigs } from './swarm/config-ls.ts'
import { listNodes } from './swarm/node-ls.ts'
import { listSecrets } from './swarm/secret-ls.ts'
import { listServices } from './swarm/service-ls.ts'
import { listStacks } from './swarm/stack-ls.ts'
import { df } from './system/df.ts'
import { events } from './system/events.ts'
import { info } from './system/info.ts'
import { inspect } from './system/inspect.ts'
import { pruneSystem } from './system/prune.ts'
import { version } from './system/version.ts'
import { createVolume } from './volume/create.ts'
import { inspectVolumes } from './volume/inspect.ts'
import { listVolumes } from './volume/ls.ts'
import { pruneVolumes } from './volume/prune.ts'
import { removeVolumes } from './volume/rm.ts'

const COMMANDS: readonly DockerCommand[] = [
  stop,
  restart,
  kill,
  pause,
  unpause,
  wait,
  rm,
  rename,
  update,
  port,
  diff,
  top,
  start,
  attach,
  exec,
  logs,
  commit,
  exportContainer,
  cp,
  run,
  create,
  ps,
  stats,
  inspectContainers,
  pruneContainers,
  pull,
  push,
  images,
  rmi,
  tag,
  history,
  inspectImages,
  save,
  load,
  importImage,
  pruneImages,
  build,
  createVolume,
  listVolumes,
  inspectVolumes,
  removeVolumes,
  pruneVolumes,
  createNetwork,
  listNetworks,
  inspectNetworks,
  removeNetworks,
  connectNetwork,
  disconnectNetwork,
  pruneNetworks,
  version,
  info,
  df,
  pruneSystem,
  events,
  inspect,
  login,
  logout,
  search,
  pruneBuilder,
  listContexts,
  showContext,
  listServices,
  listNodes,
  listSecrets,
  listConfigs,
  listStacks,
]

/** The docker command. */
export const docker: Program = async (process) => {
  const found = pluginCall(process)
  if (found) return found.plugin.run(process, found.argv)
  return runDocker(process, { commands: COMMANDS, groups: GROUPS, overview: overviewWith(process) })
}
