import { beforeAll, describe, expect, test } from 'vitest'
import { begin, type Traffic } from '../world.ts'

const PAGE = 'http://192.168.10.220:30088'

describe('WordPress as the notes build it, from Deployments and Services to an Ingress', () => {
  let t: Traffic
  beforeAll(async () => {
    t = await begin('two-node')
    t.take('wp-maria.yml', 'wp-dep.yml', 'wp-ing.yml', 'wp-kic.yml', 'ingress-setup.yml')
  })

  test('without its database it says so; with it, every node serves the page on port 30088', async () => {
    await t.run('kubectl apply -f wp-dep.yml; kubectl rollout status deploy wp-dep; sleep 2')
    expect(await t.run(`curl -s ${PAGE}/`)).toContain('<h1>Error establishing a database connection</h1>')
    await t.run('kubectl apply -f wp-maria.yml; kubectl rollout status deploy maria-dep; sleep 5')
    expect(await t.run('kubectl get svc wp-svc maria-svc --no-headers')).toMatch(
      /^wp-svc +NodePort .* 80:30088\/TCP .*\nmaria-svc +ClusterIP .* 3306\/TCP /,
    )
    for (const node of ['192.168.10.210', '192.168.10.220'])
      expect(await t.run(`curl -sI http://${node}:30088/`)).toContain(
        `Location: http://${node}:30088/wp-admin/install.php`,
      )
    const form = 'weblog_title=My+site&user_name=admin&admin_password=x&admin_email=a@b.test'
    expect(await t.run(`curl -s -d '${form}' '${PAGE}/wp-admin/install.php?step=2'`)).toContain('<h1>Success!</h1>')
    expect(await t.run(`curl -s ${PAGE}/`)).toMatch(/<title>My site<\/title>[\s\S]*<h2>Hello world!<\/h2>/)
    // The page lies in the database: what one Pod wrote, the other serves, and anyone with the password reads.
    expect(
      await t.run(
        `kubectl exec deploy/maria-dep -- mariadb -uwp -p123 db -Ne "select option_value from wp_options where option_name='blogname'"`,
      ),
    ).toBe('My site\n')
  })

  test('the controller on the host’s network serves wp.test on the node, and through port 30080', async () => {
    await t.run('kubectl apply -f wp-ing.yml -f wp-kic.yml; sleep 5')
    // Nothing of the controller's own is there yet: no namespace, no account.
    expect(await t.run('kubectl apply -f wp-kic.yml')).toContain('namespaces "nginx-ingress" not found')
    await t.run(
      'kubectl apply -f ingress-setup.yml -f wp-kic.yml; kubectl rollout status -n nginx-ingress deploy wp-kic-dep; sleep 2',
    )
    expect(await t.run('kubectl get pod -n nginx-ingress -o wide --no-headers')).toMatch(
      /Running .* 192\.168\.10\.220 /,
    )
    await t.run(`echo '192.168.10.220 wp.test' | sudo tee -a /etc/hosts`)
    expect(await t.run('curl -s http://wp.test/')).toContain('<title>My site</title>')
    expect(await t.run('curl -s http://wp.test:30080/')).toContain('<title>My site</title>')
    expect(
      await t.run('curl -s --resolve wp.test:80:192.168.10.220 -o /dev/null -w "%{http_code}" http://wp.test/none'),
    ).toBe('404')
    // Another host is none of its rules; the controller itself answers.
    expect(await t.run('curl -s http://192.168.10.220/')).toMatch(/404 Not Found[\s\S]*nginx\/1\.21\.6/)
    expect(await t.run('curl -s http://192.168.10.210/ -o /dev/null; echo $?')).toBe('7\n')
  })

  test('behind the Ingress: no ready Pod, a class nobody serves, a database that is gone', async () => {
    const code = () => t.run('curl -s -o /dev/null -w "%{http_code}" http://wp.test/')
    await t.run('kubectl scale deploy wp-dep --replicas=0; sleep 5')
    expect(await code()).toBe('502')
    await t.run('kubectl scale deploy wp-dep --replicas=2; kubectl rollout status deploy wp-dep; sleep 2')
    expect(await code()).toBe('200')
    await t.run(`kubectl patch ing wp-ing -p '{"spec":{"ingressClassName":"other"}}'; sleep 2`)
    expect(await t.run('curl -s http://wp.test/')).toMatch(/404 Not Found[\s\S]*nginx\/1\.21\.6/)
    await t.run('kubectl apply -f wp-ing.yml; sleep 2')
    expect(await code()).toBe('200')
    await t.run(`kubectl patch svc maria-svc -p '{"spec":{"selector":{"app":"maria-pod"}}}'; sleep 2`)
    expect(await t.run('curl -s http://wp.test/')).toContain('Error establishing a database connection')
    await t.run('kubectl apply -f wp-maria.yml; sleep 2')
    expect(await code()).toBe('200')
    // Its data had no volume: a new database Pod knows nothing of the site.
    await t.run('kubectl rollout restart deploy maria-dep; kubectl rollout status deploy maria-dep; sleep 5')
    expect(await t.run('curl -sI http://wp.test/')).toContain('Location: http://wp.test/wp-admin/install.php')
  })
})
