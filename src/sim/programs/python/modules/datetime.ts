import type { ModuleDefinition } from './module.ts'

export const datetime: ModuleDefinition = {
  cost: 1,
  source: `
import time as _time

MINYEAR, MAXYEAR = 1, 9999
_DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
_NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

def _leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)

def _in_month(y, m):
    return 29 if m == 2 and _leap(y) else _DAYS[m]

def _ordinal(y, m, d):
    p = y - 1
    return p * 365 + p // 4 - p // 100 + p // 400 + sum(_in_month(y, i) for i in range(1, m)) + d

def _from_ordinal(n):
    y = n * 400 // 146097 + 1
    while _ordinal(y, 1, 1) > n:
        y -= 1
    while _ordinal(y + 1, 1, 1) <= n:
        y += 1
    rest = n - _ordinal(y, 1, 1)
    m = 1
    while rest >= _in_month(y, m):
        rest -= _in_month(y, m)
        m += 1
    return y, m, rest + 1

class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        total = round((days + weeks * 7) * 86400000000) + round((seconds + minutes * 60 + hours * 3600) * 1000000) + round(milliseconds * 1000) + round(microseconds)
        self._us = int(total)
    @classmethod
    def _of(cls, us):
        made = cls()
        made._us = us
        return made
    @property
    def days(self):
        return self._us // 86400000000
    @property
    def seconds(self):
        return self._us % 86400000000 // 1000000
    @property
    def microseconds(self):
        return self._us % 1000000
    def total_seconds(self):
        return self._us / 1000000
    def __add__(self, other):
        return timedelta._of(self._us + other._us) if isinstance(other, timedelta) else NotImplemented
    __radd__ = __add__
    def __sub__(self, other):
        return timedelta._of(self._us - other._us) if isinstance(other, timedelta) else NotImplemented
    def __mul__(self, n):
        return timedelta._of(round(self._us * n))
    __rmul__ = __mul__
    def __truediv__(self, other):
        return self._us / other._us if isinstance(other, timedelta) else timedelta._of(round(self._us / other))
    def __floordiv__(self, other):
        return self._us // other._us if isinstance(other, timedelta) else timedelta._of(self._us // other)
    def __mod__(self, other):
        return timedelta._of(self._us % other._us)
    def __neg__(self):
        return timedelta._of(-self._us)
    def __abs__(self):
        return timedelta._of(abs(self._us))
    def __bool__(self):
        return self._us != 0
    def __eq__(self, other):
        return isinstance(other, timedelta) and self._us == other._us
    def __lt__(self, other):
        return self._us < other._us
    def __le__(self, other):
        return self._us <= other._us
    def __gt__(self, other):
        return self._us > other._us
    def __ge__(self, other):
        return self._us >= other._us
    def __hash__(self):
        return hash(self._us)
    def __str__(self):
        s = self.seconds
        text = '%d:%02d:%02d' % (s // 3600, s // 60 % 60, s % 60)
        if self.microseconds:
            text += '.%06d' % self.microseconds
        return '%d day%s, %s' % (self.days, '' if abs(self.days) == 1 else 's', text) if self.days else text
    def __repr__(self):
        parts = ['%s=%d' % (n, v) for n, v in (('days', self.days), ('seconds', self.seconds), ('microseconds', self.microseconds)) if v]
        return 'datetime.timedelta(%s)' % (', '.join(parts) or '0')

timedelta.resolution = timedelta(microseconds=1)

class tzinfo:
    pass

class timezone(tzinfo):
    def __init__(self, offset, name=None):
        self._offset = offset
        self._name = name
    def utcoffset(self, dt):
        return self._offset
    def tzname(self, dt):
        if self._name:
            return self._name
        minutes = int(self._offset.total_seconds()) // 60
        return 'UTC' if not minutes else 'UTC' + _zone(self._offset)
    def dst(self, dt):
        return None
    def __eq__(self, other):
        return isinstance(other, timezone) and self._offset == other._offset
    def __hash__(self):
        return hash(self._offset)
    def __str__(self):
        return self.tzname(None)
    def __repr__(self):
        return 'datetime.timezone.utc' if self is timezone.utc else 'datetime.timezone(%r)' % self._offset

def _zone(offset, colon=':'):
    minutes = int(offset.total_seconds()) // 60
    return '%s%02d%s%02d' % ('-' if minutes < 0 else '+', abs(minutes) // 60, colon, abs(minutes) % 60)

timezone.utc = timezone(timedelta(0))
UTC = timezone.utc

class date:
    def __init__(self, year, month, day):
        self._check(year, month, day)
        self.year, self.month, self.day = year, month, day
    @staticmethod
    def _check(year, month, day):
        if not 1 <= year <= 9999:
            raise ValueError('year %d is out of range' % year)
        if not 1 <= month <= 12:
            raise ValueError('month must be in 1..12')
        if not 1 <= day <= _in_month(year, month):
            raise ValueError('day is out of range for month')
    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())
    @classmethod
    def fromtimestamp(cls, t):
        return cls(*_time.localtime(t)[:3])
    @classmethod
    def fromisoformat(cls, text):
        try:
            y, m, d = text.split('-')
            return cls(int(y), int(m), int(d))
        except ValueError:
            raise ValueError('Invalid isoformat string: %r' % text) from None
    @classmethod
    def fromordinal(cls, n):
        return cls(*_from_ordinal(n))
    def toordinal(self):
        return _ordinal(self.year, self.month, self.day)
    def weekday(self):
        return (self.toordinal() + 6) % 7
    def isoweekday(self):
        return self.weekday() + 1
    def isocalendar(self):
        year = self.year
        first = lambda y: _ordinal(y, 1, 4) - (_ordinal(y, 1, 4) + 6) % 7
        if self.toordinal() >= first(year + 1):
            year += 1
        elif self.toordinal() < first(year):
            year -= 1
        return (year, (self.toordinal() - first(year)) // 7 + 1, self.isoweekday())
    def isoformat(self):
        return '%04d-%02d-%02d' % (self.year, self.month, self.day)
    def strftime(self, form):
        return _time._format(form, self.year, self.month, self.day, 0, 0, 0, 0, '')
    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)
    def timetuple(self):
        return _time.gmtime((self.toordinal() - 719163) * 86400)
    def ctime(self):
        return self.strftime('%a %b %e %H:%M:%S %Y')
    def replace(self, year=None, month=None, day=None):
        return type(self)(year or self.year, month or self.month, day or self.day)
    def __str__(self):
        return self.isoformat()
    def __repr__(self):
        return 'datetime.date(%d, %d, %d)' % (self.year, self.month, self.day)
    def _key(self):
        return (self.year, self.month, self.day)
    def __add__(self, delta):
        if not isinstance(delta, timedelta):
            return NotImplemented
        return date.fromordinal(self.toordinal() + delta.days)
    __radd__ = __add__
    def __sub__(self, other):
        if isinstance(other, timedelta):
            return date.fromordinal(self.toordinal() - other.days)
        return timedelta(days=self.toordinal() - other.toordinal())
    def __eq__(self, other):
        return type(other) is type(self) and self._key() == other._key()
    def __lt__(self, other):
        return self._key() < other._key()
    def __le__(self, other):
        return self._key() <= other._key()
    def __gt__(self, other):
        return self._key() > other._key()
    def __ge__(self, other):
        return self._key() >= other._key()
    def __hash__(self):
        return hash(self._key())

class time:
    def __init__(self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        self.hour, self.minute, self.second, self.microsecond, self.tzinfo = hour, minute, second, microsecond, tzinfo
    def isoformat(self, timespec='auto'):
        text = '%02d:%02d:%02d' % (self.hour, self.minute, self.second)
        if self.microsecond:
            text += '.%06d' % self.microsecond
        return text
    def strftime(self, form):
        return _time._format(form, 1900, 1, 1, self.hour, self.minute, self.second, self.microsecond, '')
    def __str__(self):
        return self.isoformat()
    def __repr__(self):
        return 'datetime.time(%d, %d%s)' % (self.hour, self.minute, ', %d' % self.second if self.second else '')
    def _key(self):
        return (self.hour, self.minute, self.second, self.microsecond)
    def __eq__(self, other):
        return isinstance(other, time) and self._key() == other._key()
    def __lt__(self, other):
        return self._key() < other._key()
    def __gt__(self, other):
        return self._key() > other._key()
    def __le__(self, other):
        return self._key() <= other._key()
    def __ge__(self, other):
        return self._key() >= other._key()
    def __hash__(self):
        return hash(self._key())

_clock = time

class datetime(date):
    def __init__(self, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        self._check(year, month, day)
        for name, value, most in (('hour', hour, 23), ('minute', minute, 59), ('second', second, 59)):
            if not 0 <= value <= most:
                raise ValueError('%s must be in 0..%d' % (name, most))
        self.year, self.month, self.day = year, month, day
        self.hour, self.minute, self.second, self.microsecond, self.tzinfo = hour, minute, second, microsecond, tzinfo
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_time.time(), tz)
    @classmethod
    def today(cls):
        return cls.now()
    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(_time.time())
    @classmethod
    def fromtimestamp(cls, t, tz=None):
        us = round(t * 1000000)
        if tz is not None:
            us += tz.utcoffset(None)._us
        return cls._from_us(us + 62135596800000000, tz)
    utcfromtimestamp = fromtimestamp
    @classmethod
    def _from_us(cls, us, tz=None):
        days, rest = us // 86400000000, us % 86400000000
        s = rest // 1000000
        return cls(*_from_ordinal(days + 1), s // 3600, s // 60 % 60, s % 60, rest % 1000000, tz)
    def _total(self):
        return (self.toordinal() - 1) * 86400000000 + (self.hour * 3600 + self.minute * 60 + self.second) * 1000000 + self.microsecond
    @classmethod
    def combine(cls, day, clock, tzinfo=None):
        return cls(day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond, tzinfo)
    @classmethod
    def strptime(cls, text, form):
        y, m, d, h, mi, s, us, offset = _time._parse(text, form)
        return cls(y, m, d, h, mi, s, us, None if offset is None else timezone(timedelta(minutes=offset)) if offset else timezone.utc)
    @classmethod
    def fromisoformat(cls, text):
        day, _, clock = text.replace('T', ' ').partition(' ')
        zone = None
        if clock.endswith('Z'):
            clock, zone = clock[:-1], timezone.utc
        for sign in '+-':
            if sign in clock:
                clock, _, offset = clock.partition(sign)
                h, _, m = offset.partition(':')
                delta = timedelta(hours=int(h), minutes=int(m or 0))
                zone = timezone(-delta if sign == '-' else delta) if delta else timezone.utc
        try:
            y, mo, d = day.split('-')
            parts = clock.split(':') if clock else []
            seconds, _, fraction = (parts[2] if len(parts) > 2 else '0').partition('.')
            return cls(int(y), int(mo), int(d), int(parts[0]) if parts else 0, int(parts[1]) if len(parts) > 1 else 0, int(seconds), int((fraction + '000000')[:6]) if fraction else 0, zone)
        except ValueError:
            raise ValueError('Invalid isoformat string: %r' % text) from None
    def date(self):
        return date(self.year, self.month, self.day)
    def time(self):
        return _clock(self.hour, self.minute, self.second, self.microsecond)
    def timestamp(self):
        us = self._total() - 62135596800000000
        if self.tzinfo is not None:
            us -= self.tzinfo.utcoffset(self)._us
        return us / 1000000
    def astimezone(self, tz=None):
        tz = tz or timezone.utc
        here = self.tzinfo.utcoffset(self) if self.tzinfo else timedelta(0)
        return type(self)._from_us(self._total() - here._us + tz.utcoffset(self)._us, tz)
    def utcoffset(self):
        return self.tzinfo.utcoffset(self) if self.tzinfo else None
    def tzname(self):
        return self.tzinfo.tzname(self) if self.tzinfo else None
    def isoformat(self, sep='T', timespec='auto'):
        text = '%04d-%02d-%02d%s%02d:%02d' % (self.year, self.month, self.day, sep, self.hour, self.minute)
        if timespec != 'minutes':
            text += ':%02d' % self.second
        if timespec == 'milliseconds':
            text += '.%03d' % (self.microsecond // 1000)
        elif timespec == 'microseconds' or timespec == 'auto' and self.microsecond:
            text += '.%06d' % self.microsecond
        return text + (_zone(self.utcoffset()) if self.tzinfo else '')
    def strftime(self, form):
        return _time._format(form, self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond, _zone(self.utcoffset(), '') if self.tzinfo else '')
    def timetuple(self):
        return _time.gmtime((self._total() - 62135596800000000) // 1000000)
    utctimetuple = timetuple
    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=True):
        pick = lambda value, old: old if value is None else value
        return type(self)(pick(year, self.year), pick(month, self.month), pick(day, self.day), pick(hour, self.hour), pick(minute, self.minute), pick(second, self.second), pick(microsecond, self.microsecond), self.tzinfo if tzinfo is True else tzinfo)
    def __str__(self):
        return self.isoformat(' ')
    def __repr__(self):
        parts = [self.year, self.month, self.day, self.hour, self.minute]
        if self.second or self.microsecond:
            parts.append(self.second)
        if self.microsecond:
            parts.append(self.microsecond)
        return 'datetime.datetime(%s%s)' % (', '.join(map(str, parts)), '' if self.tzinfo is None else ', tzinfo=%r' % self.tzinfo)
    def _key(self):
        return self._total() - (self.tzinfo.utcoffset(self)._us if self.tzinfo else 0)
    def __add__(self, delta):
        if not isinstance(delta, timedelta):
            return NotImplemented
        return type(self)._from_us(self._total() + delta._us, self.tzinfo)
    __radd__ = __add__
    def __sub__(self, other):
        if isinstance(other, timedelta):
            return type(self)._from_us(self._total() - other._us, self.tzinfo)
        if (self.tzinfo is None) != (other.tzinfo is None):
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        return timedelta._of(self._key() - other._key())
    def __hash__(self):
        return hash(self._key())
`,
}
