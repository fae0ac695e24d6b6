/** Built-ins that call back or go lazily through what may wait: written in Python, left out of tracebacks. */
export const PRELUDE = `
def __drain__(iterable):
    return [x for x in iterable]

def __keys__(key, values):
    return [key(x) for x in values]

def __enumerate__(iterable, at):
    for x in iterable:
        yield at, x
        at += 1

def __filter__(test, iterable):
    for x in iterable:
        if (x if test is None else test(x)):
            yield x

def __map__(function, iterable):
    for x in iterable:
        yield function(x)

def __map_many__(function, *iterables):
    for row in zip(*iterables):
        yield function(*row)

def __zip__(*iterables):
    iterators = [iter(x) for x in iterables]
    while True:
        row = []
        for each in iterators:
            try:
                row.append(next(each))
            except StopIteration:
                return
        yield tuple(row)

def __until__(function, sentinel):
    while True:
        value = function()
        if value == sentinel:
            return
        yield value

def __run_module__(body, module):
    import sys
    try:
        body()
    except BaseException:
        sys.modules.pop(module.__name__, None)
        raise

def __match_sequence__(given):
    subject, (count, star) = given
    if isinstance(subject, (str, bytes, dict, set)) or not hasattr(subject, '__getitem__') or not hasattr(subject, '__len__'):
        return None
    size = len(subject)
    if star < 0:
        return tuple(subject) if size == count else None
    if size < count - 1:
        return None
    after = count - star - 1
    return (*subject[:star], list(subject[star:size - after]), *subject[size - after:])

def __match_mapping__(given):
    subject, keys, rest = given
    if not isinstance(subject, dict):
        return None
    for key in keys:
        if key not in subject:
            return None
    found = tuple(subject[key] for key in keys)
    if rest:
        found += ({k: v for k, v in subject.items() if k not in keys},)
    return found

def __match_class__(given):
    subject, cls, count, names = given
    if not isinstance(subject, cls):
        return None
    if count and cls in (int, str, float, bool, list, tuple, dict, set, bytes):
        return (subject,)
    places = getattr(cls, '__match_args__', ())
    if count > len(places):
        raise TypeError(f'{cls.__name__}() accepts {len(places)} positional sub-patterns ({count} given)')
    found = []
    for name in places[:count] + names:
        if not hasattr(subject, name):
            return None
        found.append(getattr(subject, name))
    return tuple(found)
`
