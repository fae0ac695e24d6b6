import { CliError } from '../errors/errors.ts'

export interface RolloutStatus {
  message: string
  done: boolean
}

/** What `rollout status` says of an object at this moment. Throws CliError when the rollout has failed. */
export function rolloutStatus(object: any, revision: number): RolloutStatus {
  switch (object.kind) {
    case 'Deployment':
      return deployment(object, revision)
    case 'DaemonSet':
      return daemonSet(object)
    case 'StatefulSet':
      return statefulSet(object)
    default:
      throw new CliError(`no status viewer has been implemented for ${object.kind}`)
  }
}

const observed = (object: any) => object.metadata.generation <= (object.status?.observedGeneration ?? 0)

function deployment(d: any, revision: number): RolloutStatus {
  const { name } = d.metadata
  if (revision > 0) {
    const current = Number(d.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
    if (current !== revision)
      throw new CliError(`desired revision (${revision}) is different from the running revision (${current})`)
  }
  if (!observed(d)) return { message: 'Waiting for deployment spec update to be observed...\n', done: false }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions = [] } = d.status ?? {}
  const progressing = conditions.find((c: any) => c.type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    throw new CliError(`deployment ${JSON.stringify(name)} exceeded its progress deadline`)
  const waiting = (what: string) => ({
    message: `Waiting for deployment ${JSON.stringify(name)} rollout to finish: ${what}...\n`,
    done: false,
  })
  if (d.spec.replicas !== undefined && updatedReplicas < d.spec.replicas) {
    return waiting(`${updatedReplicas} out of ${d.spec.replicas} new replicas have been updated`)
  }
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas are pending termination`)
  if (availableReplicas < updatedReplicas)
    return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`)
  return { message: `deployment ${JSON.stringify(name)} successfully rolled out\n`, done: true }
}

function daemonSet(ds: any): RolloutStatus {
  const { name } = ds.metadata
  if (ds.spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CliError('rollout status is only available for RollingUpdate strategy type')
  if (!observed(ds)) return { message: 'Waiting for daemon set spec update to be observed...\n', done: false }
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = ds.status ?? {}
  const waiting = (what: string) => ({
    message: `Waiting for daemon set ${JSON.stringify(name)} rollout to finish: ${what}...\n`,
    done: false,
  })
  if (updatedNumberScheduled < desiredNumberScheduled) {
    return waiting(`${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated`)
  }
  if (numberAvailable < desiredNumberScheduled)
    return waiting(`${numberAvailable} of ${desiredNumberScheduled} updated pods are available`)
  return { message: `daemon set ${JSON.stringify(name)} successfully rolled out\n`, done: true }
}

function statefulSet(sts: any): RolloutStatus {
  const { status = {}, spec } = sts
  if (spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CliError('rollout status is only available for RollingUpdate strategy type')
  if (status.observedGeneration === undefined || !observed(sts)) {
    return { message: 'Waiting for statefulset spec update to be observed...\n', done: false }
  }
  const { readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision, currentRevision } = status
  if (spec.replicas !== undefined && readyReplicas < spec.replicas) {
    return { message: `Waiting for ${spec.replicas - readyReplicas} pods to be ready...\n`, done: false }
  }
  const partition = spec.updateStrategy.rollingUpdate?.partition
  // The server always fills it in: nought is a partition too.
  if (partition !== undefined) {
    if (spec.replicas !== undefined && updatedReplicas < spec.replicas - partition) {
      return {
        message: `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${spec.replicas - partition} new pods have been updated...\n`,
        done: false,
      }
    }
    return { message: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...\n`, done: true }
  }
  if (updateRevision !== currentRevision) {
    return {
      message: `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...\n`,
      done: false,
    }
  }
  return {
    message: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...\n`,
    done: true,
  }
}
