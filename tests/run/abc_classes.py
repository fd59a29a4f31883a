"""Abstract base classes: instantiation, registration, hooks."""
import abc
from abc import ABC, abstractmethod, ABCMeta
import __future__
print(__future__.annotations, __future__.all_feature_names)
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
    @classmethod
    @abstractmethod
    def make(cls): ...
    @staticmethod
    @abstractmethod
    def st(): ...
    def describe(self): return f"{self.name} {self.area()}"
try: Shape()
except TypeError as e: print(e)
class Half(Shape):
    def area(self): return 1
try: Half()
except TypeError as e: print(e)
class Sq(Half):
    name = 'sq'
    @classmethod
    def make(cls): return cls()
    @staticmethod
    def st(): return 3
print(Sq().describe(), Sq.make().st(), isinstance(Sq(), Shape), issubclass(Sq, Shape), issubclass(int, Shape), isinstance(3, Shape))
print(sorted(Shape.__abstractmethods__), Sq.__abstractmethods__, type(Shape), Shape, ABC, ABCMeta)
class One(metaclass=ABCMeta):
    @abstractmethod
    def f(self): pass
try: One()
except TypeError as e: print(e)
class Reg(ABC):
    pass
print(isinstance(3, Reg))
print(Reg.register(int), isinstance(3, Reg), issubclass(bool, Reg), isinstance('a', Reg), issubclass(str, Reg))
@Reg.register
class K: pass
print(isinstance(K(), Reg), Reg in K.__mro__)
try: Reg.register(3)
except TypeError as e: print(e)
class Sub(Reg): pass
try: Sub.register(Reg)
except RuntimeError as e: print(e)
class Hook(ABC):
    @classmethod
    def __subclasshook__(cls, C):
        if cls is Hook:
            return any('__len__' in B.__dict__ for B in C.__mro__)
        return NotImplemented
class HL:
    def __len__(self): return 0
print(isinstance(HL(), Hook), isinstance(3, Hook), issubclass(list, Hook), isinstance([], Hook))
try: issubclass(3, Hook)
except TypeError as e: print(e)
class P2(ABC):
    @abstractmethod
    def f(self): return 'base f'
class Q(P2):
    def f(self): return super().f() + '!'
print(Q().f())
class WithInit(ABC):
    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw); cls.tag = tag
class WI(WithInit, tag=5): pass
print(WI.tag)
class Meth(ABC):
    @property
    @abstractmethod
    def p(self): pass
    @p.setter
    def p(self, v): pass
print(Meth.__abstractmethods__)
class C2(Meth):
    p = 3
print(C2().p)
print(abc.get_cache_token() is not None)
def late(self): return 9
class Late(ABC):
    @abstractmethod
    def g(self): pass
Late.g = late
print(abc.update_abstractmethods(Late) is Late, Late().g())
print(ABCMeta.__mro__)
class E(P2): pass
try: E()
except TypeError as e: print(e)
try: E(1,2)
except TypeError as e: print(e)
print(isinstance(Q, ABCMeta), Q.__class__)
