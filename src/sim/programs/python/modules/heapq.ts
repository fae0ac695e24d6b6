import type { ModuleDefinition } from './module.ts'

export const heapq: ModuleDefinition = {
  source: `
def heappush(heap, item):
    heap.append(item)
    i = len(heap) - 1
    while i > 0:
        parent = (i - 1) // 2
        if not heap[i] < heap[parent]:
            break
        heap[i], heap[parent] = heap[parent], heap[i]
        i = parent

def _down(heap, i):
    size = len(heap)
    while True:
        child = 2 * i + 1
        if child >= size:
            return
        if child + 1 < size and not heap[child] < heap[child + 1]:
            child += 1
        if not heap[child] < heap[i]:
            return
        heap[i], heap[child] = heap[child], heap[i]
        i = child

def heappop(heap):
    if not heap:
        raise IndexError('index out of range')
    last = heap.pop()
    if not heap:
        return last
    item, heap[0] = heap[0], last
    _down(heap, 0)
    return item

def heapify(x):
    for i in range(len(x) // 2 - 1, -1, -1):
        _down(x, i)

def heappushpop(heap, item):
    heappush(heap, item)
    return heappop(heap)

def heapreplace(heap, item):
    top = heappop(heap)
    heappush(heap, item)
    return top

def nsmallest(n, iterable, key=None):
    return sorted(iterable, key=key)[:n]

def nlargest(n, iterable, key=None):
    return sorted(iterable, key=key, reverse=True)[:n]

def merge(*iterables, key=None, reverse=False):
    yield from sorted([x for each in iterables for x in each], key=key, reverse=reverse)
`,
}
