import { CommandError } from '../cli/session.ts'

const TOP = 'version name include services networks volumes secrets configs models'.split(' ')
/** What a service may have here. */
const SIMULATED =
  'build cap_add cap_drop command container_name cpus depends_on dns domainname entrypoint env_file environment expose extra_hosts healthcheck hostname image init ipc labels mem_limit network_mode networks pid ports privileged profiles pull_policy read_only restart stdin_open stop_grace_period stop_signal sysctls tmpfs tty user volumes working_dir'.split(
    ' ',
  )
/** What else Compose knows. */
const KNOWN =
  'annotations attach blkio_config cgroup cgroup_parent configs cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpuset credential_spec deploy develop device_cgroup_rules devices dns_opt dns_search env_file extends external_links gpus group_add isolation label_file links logging mac_address mem_reservation mem_swappiness memswap_limit models oom_kill_disable oom_score_adj pids_limit platform post_start pre_stop provider runtime scale secrets security_opt shm_size storage_opt ulimits use_api_socket userns_mode uts volumes_from'.split(
    ' ',
  )

/** Refuses what Compose's schema refuses, and what is not simulated. Throws CommandError. */
export function validateFile(file: string, value: object): void {
  const wrong = (where: string) => new CommandError(`validating ${file}: ${where}`, 15)
  for (const key of Object.keys(value))
    if (!TOP.includes(key) && !key.startsWith('x-')) throw wrong(`(root) Additional property ${key} is not allowed`)
  for (const key of ['include', 'secrets', 'configs', 'models'])
    if (key in value) throw new CommandError(`not simulated: ${key} in a Compose file`)
  const services = (value as { services?: unknown }).services
  if (services === undefined) return
  if (typeof services !== 'object' || services === null || Array.isArray(services))
    throw wrong('services must be a mapping')
  for (const [name, service] of Object.entries(services)) {
    if (typeof service !== 'object' || service === null || Array.isArray(service))
      throw wrong(`services.${name} must be a mapping`)
    for (const key of Object.keys(service)) {
      if (SIMULATED.includes(key) || key.startsWith('x-')) continue
      if (KNOWN.includes(key)) throw new CommandError(`not simulated: services.${name}.${key} in a Compose file`)
      throw wrong(`services.${name} additional properties '${key}' not allowed`)
    }
    for (const key of ['ports', 'volumes', 'expose'])
      if (key in service && !Array.isArray((service as Record<string, unknown>)[key]))
        throw wrong(`services.${name}.${key} must be a array`)
  }
}
