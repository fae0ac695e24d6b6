import type { ModuleDefinition } from './module.ts'

export const statistics: ModuleDefinition = {
  source: `
import math as _math

class StatisticsError(ValueError):
    pass

def mean(data):
    data = list(data)
    if not data:
        raise StatisticsError('mean requires at least one data point')
    total = sum(data) / len(data)
    return int(total) if all(isinstance(x, int) for x in data) and total == int(total) else total

def fmean(data):
    data = list(data)
    return _math.fsum(data) / len(data)

def median(data):
    data = sorted(data)
    if not data:
        raise StatisticsError('no median for empty data')
    n = len(data)
    return data[n // 2] if n % 2 else (data[n // 2 - 1] + data[n // 2]) / 2

def mode(data):
    data = list(data)
    return max(data, key=data.count)

def pvariance(data):
    data = list(data)
    m = sum(data) / len(data)
    return sum((x - m) ** 2 for x in data) / len(data)

def variance(data):
    data = list(data)
    if len(data) < 2:
        raise StatisticsError('variance requires at least two data points')
    m = sum(data) / len(data)
    return sum((x - m) ** 2 for x in data) / (len(data) - 1)

def stdev(data):
    return _math.sqrt(variance(data))

def pstdev(data):
    return _math.sqrt(pvariance(data))
`,
}
