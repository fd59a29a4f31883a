"""typing: classes that derive from Iterator, Sequence, protocols and generics."""
from typing import Protocol, runtime_checkable, Iterator, Sequence, Iterable, Generic, TypeVar, Mapping, Callable, Hashable
T = TypeVar('T')
class It(Iterator[int]):
    def __init__(self): self.n = 0
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), isinstance(It(), Iterator), isinstance(It(), Iterable))
class Sq(Sequence[int]):
    def __getitem__(self, i):
        if i >= 3: raise IndexError(i)
        return i * 10
    def __len__(self): return 3
s = Sq()
print(list(s), 10 in s, s.index(20), s.count(0), list(reversed(s)), isinstance(s, Sequence))
try: s.index(99)
except ValueError as e: print('VE', e)
class Bad(Iterator[int]): pass
try: Bad()
except TypeError as e: print(e)
class Bad2(Sequence): pass
try: Bad2()
except TypeError as e: print(e)
class Named(Protocol):
    name: str
    def greet(self) -> str: return 'hi ' + self.name
class Person(Named):
    def __init__(self, name): self.name = name
print(Person('bob').greet())
class E(Person): pass
print(E('x').greet())
class Node(Generic[T]):
    def __init__(self, v: T, nxt: 'Node[T] | None' = None): self.v = v; self.nxt = nxt
n = Node[int](3)
print(n.v, n.__orig_class__)
class Tree(Node[T], Generic[T]): pass
print(Tree[str]('a').v, Tree.__parameters__, Tree[int].__origin__)
class H(Hashable):
    def __hash__(self): return 1
print(hash(H()))
def f(x: Callable[[int], int]) -> None: pass
print(f.__annotations__)
