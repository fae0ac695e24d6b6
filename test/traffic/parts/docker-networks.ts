import { expect, test } from 'vitest'
import { begin } from '../world.ts'

test('Docker networks: addresses come from the part of the subnet that was chosen; arp tells who was asked for', async () => {
  const { run } = await begin('docker')
  await run(`docker network create --subnet 10.6.0.0/24 --gateway 10.6.0.254 --ip-range 10.6.0.128/25 part
docker run -d --name one --network part nginx:alpine; docker run -d --name two --network part nginx:alpine`)
  const addresses = `{{range .IPAM.Config}}{{.IPRange}}{{end}}{{range .Containers}} {{.IPv4Address}}{{end}}`
  expect(await run(`docker network inspect part -f '${addresses}' | tr ' ' '\\n' | sort`)).toBe(
    '10.6.0.128/24\n10.6.0.128/25\n10.6.0.129/24\n',
  )
  expect(await run('docker network create --subnet 10.7.0.0/24 --ip-range 10.8.0.0/25 wrong')).toContain(
    "parent subnet 10.7.0.0/24 doesn't contain ip-range",
  )
  expect(await run('docker network create --ipv6 six')).toContain('not simulated: networks with IPv6')
  await run('docker exec one ping -c1 -W1 10.6.0.200; docker exec one wget -qO- two')
  expect(await run('docker exec one arp -n')).toMatch(
    /^\? \(10\.6\.0\.200\) at <incomplete> {2}on eth0\n\? \(10\.6\.0\.129\) at (02:42:0a:06:00:81) \[ether\] {2}on eth0\n$/,
  )
  // Who is gone is believed in for some seconds; then it is known that nobody is there.
  await run('docker stop -t 0 two')
  expect(await run('docker exec one wget -qO- -T 5 10.6.0.129')).toContain('download timed out')
  await run('sleep 5')
  expect(await run('docker exec one wget -qO- -T 5 10.6.0.129')).toContain('No route to host')
  expect(await run('docker exec one ip neigh')).toMatch(/10\.6\.0\.129 dev eth0 .* (FAILED|INCOMPLETE)\n/)
})
