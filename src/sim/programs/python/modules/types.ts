import type { ModuleDefinition } from './module.ts'

export const typesModule: ModuleDefinition = {
  source: `
class SimpleNamespace:
    def __init__(self, **values):
        for key, value in values.items():
            setattr(self, key, value)
    def __repr__(self):
        return 'namespace(' + ', '.join('%s=%r' % item for item in vars(self).items()) + ')'
    def __eq__(self, other):
        return vars(self) == vars(other)
FunctionType = LambdaType = type(lambda: 0)
def _generator():
    yield
GeneratorType = type(_generator())
NoneType = type(None)
MethodType = type(SimpleNamespace().__init__)
BuiltinFunctionType = type(len)
ModuleType = type(__import__('sys')) if False else None
TracebackType = None
def MappingProxyType(mapping):
    return dict(mapping)
`,
}
