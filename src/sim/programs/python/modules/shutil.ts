import type { ModuleDefinition } from './module.ts'

export const shutil: ModuleDefinition = {
  source: `
import os
class Error(OSError):
    pass
def copyfile(src, dst):
    with open(src, 'rb') as a:
        data = a.read()
    with open(dst, 'wb') as b:
        b.write(data)
    return dst
def copy(src, dst):
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    copyfile(src, dst)
    os.chmod(dst, os.stat(src).st_mode & 0o7777)
    return dst
copy2 = copy
def copyfileobj(a, b, length=0):
    b.write(a.read())
def move(src, dst):
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    try:
        os.rename(src, dst)
    except OSError:
        copy(src, dst)
        os.remove(src)
    return dst
def rmtree(path, ignore_errors=False, onerror=None):
    try:
        for name in os.listdir(path):
            full = os.path.join(path, name)
            if os.path.isdir(full) and not os.path.islink(full):
                rmtree(full)
            else:
                os.remove(full)
        os.rmdir(path)
    except OSError:
        if not ignore_errors:
            raise
def copytree(src, dst, dirs_exist_ok=False):
    os.makedirs(dst, exist_ok=dirs_exist_ok)
    for name in os.listdir(src):
        a, b = os.path.join(src, name), os.path.join(dst, name)
        if os.path.isdir(a):
            copytree(a, b, dirs_exist_ok)
        else:
            copy(a, b)
    return dst
def which(cmd, mode=1, path=None):
    if '/' in cmd:
        return cmd if os.access(cmd, 1) else None
    for folder in (path or os.environ.get('PATH', '')).split(':'):
        full = os.path.join(folder, cmd)
        if os.path.isfile(full) and os.access(full, 1):
            return full
def get_terminal_size(fallback=(80, 24)):
    return os.get_terminal_size()
`,
}
