import type { ModuleDefinition } from './module.ts'

export const csvModule: ModuleDefinition = {
  source: `
import io as _io
QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = 0, 1, 2, 3
def reader(lines, delimiter=',', quotechar='"', **options):
    for line in lines:
        row, cell, quoted, i = [], '', False, 0
        line = line.rstrip('\\r\\n')
        if not line:
            yield []
            continue
        while i < len(line):
            c = line[i]
            if quoted:
                if c == quotechar and line[i + 1:i + 2] == quotechar:
                    cell += c
                    i += 1
                elif c == quotechar:
                    quoted = False
                else:
                    cell += c
            elif c == quotechar and not cell:
                quoted = True
            elif c == delimiter:
                row.append(cell)
                cell = ''
            else:
                cell += c
            i += 1
        yield row + [cell]
class writer:
    def __init__(self, out, delimiter=',', lineterminator='\\r\\n', quotechar='"', quoting=0, **options):
        self._out, self._by, self._end, self._quoting = out, delimiter, lineterminator, quoting
    def writerow(self, row):
        cells = []
        for each in row:
            text = '' if each is None else str(each)
            if self._quoting == 1 or self._quoting == 2 and not isinstance(each, (int, float)) or any(c in text for c in (self._by, '"', '\\n', '\\r')):
                text = '"' + text.replace('"', '""') + '"'
            cells.append(text)
        return self._out.write(self._by.join(cells) + self._end)
    def writerows(self, rows):
        for row in rows:
            self.writerow(row)
class DictReader:
    def __init__(self, lines, fieldnames=None, **options):
        self._rows = reader(lines, **options)
        self.fieldnames = fieldnames or next(self._rows)
    def __iter__(self):
        for row in self._rows:
            if row:
                yield dict(zip(self.fieldnames, row))
class DictWriter:
    def __init__(self, out, fieldnames, **options):
        self.fieldnames = fieldnames
        self._writer = writer(out, **options)
    def writeheader(self):
        self._writer.writerow(self.fieldnames)
    def writerow(self, row):
        self._writer.writerow([row.get(f, '') for f in self.fieldnames])
    def writerows(self, rows):
        for row in rows:
            self.writerow(row)
`,
}
