import { milliValue, quantityValue } from '../../../sim/kubernetes/api/quantity.ts'

/** The value of a resourceFieldRef: in units of its divisor, rounded up. */
export function containerResourceValue(ref: any, container: any): string {
  const [field, ...rest] = String(ref.resource).split('.')
  const name = rest.join('.')
  const quantity = container.resources?.[field === 'limits' ? 'limits' : 'requests']?.[name]
  if (quantity === undefined)
    return field === 'limits' && (name === 'cpu' || name === 'memory') ? 'node allocatable' : '0'
  const divisor = ref.divisor && ref.divisor !== '0' ? ref.divisor : '1'
  if (name === 'cpu') return String(Math.ceil(milliValue(quantity) / milliValue(divisor)))
  return String(Math.ceil(quantityValue(quantity) / quantityValue(divisor)))
}
