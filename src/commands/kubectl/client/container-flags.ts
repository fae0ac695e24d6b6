import { bool, duration, string } from '../flags/flag.ts'

/** How `exec` and `attach` are told which container, and what of the terminal goes there. */
export const containerFlags = [
  string(
    'container',
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
    { shorthand: 'c' },
  ),
  duration(
    'pod-running-timeout',
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    { default: '1m0s' },
  ),
  bool('quiet', 'Only print output from the remote session', { shorthand: 'q' }),
  bool('stdin', 'Pass stdin to the container', { shorthand: 'i' }),
  bool('tty', 'Stdin is a TTY', { shorthand: 't' }),
]
