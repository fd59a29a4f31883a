"""typing: reprs, equality, parameters of the special forms and aliases."""
from typing import Any, Optional, Union, List, Dict, Set, FrozenSet, Tuple, Callable, Iterable, Iterator, Sequence, Mapping, MutableMapping, TypeVar, Generic, ClassVar, Final, Literal, Protocol, runtime_checkable, NewType, cast, overload, TYPE_CHECKING, NoReturn, Never, Type, Annotated, Generator, Collection, Container, Hashable, Sized, Reversible, Self, TypeAlias, AnyStr, Text, DefaultDict, Deque, KeysView, ValuesView, ItemsView, MutableSequence, MutableSet, SupportsInt, SupportsFloat, SupportsAbs, SupportsIndex, SupportsRound, ForwardRef, final, no_type_check, assert_never, assert_type
import typing


def t(s, f):
    try: print(s, '->', f())
    except BaseException as e: print(s, '->', type(e).__name__, '|', e)


T = TypeVar('T')
K = TypeVar('K')
V = TypeVar('V')


class A:
    pass


UserId = NewType('UserId', int)


class Stack(Generic[T]):

    def __init__(self):
        self.items = []

    def push(self, x: T) -> None:
        self.items.append(x)


class Pair(Generic[K, V]):
    pass


class PI(Pair[int, V]):
    pass


t('Any', lambda: Any)
t('Optional', lambda: Optional)
t('Union', lambda: Union)
t('List', lambda: List)
t('Dict', lambda: Dict)
t('Tuple', lambda: Tuple)
t('Callable', lambda: Callable)
t('ClassVar', lambda: ClassVar)
t('Final', lambda: Final)
t('Literal', lambda: Literal)
t('Generic', lambda: Generic)
t('Protocol', lambda: Protocol)
t('NoReturn', lambda: NoReturn)
t('Never', lambda: Never)
t('Type', lambda: Type)
t('Annotated', lambda: Annotated)
t('Self', lambda: Self)
t('TypeAlias', lambda: TypeAlias)
t('AnyStr', lambda: AnyStr)
t('Text', lambda: Text)
t('T', lambda: T)
t("TypeVar('S',bound=int)", lambda: TypeVar('S',bound=int))
t("TypeVar('S',int,str)", lambda: TypeVar('S',int,str))
t("TypeVar('S',covariant=True)", lambda: TypeVar('S',covariant=True))
t("TypeVar('S',contravariant=True)", lambda: TypeVar('S',contravariant=True))
t("TypeVar('S',int)", lambda: TypeVar('S',int))
t("TypeVar('S',covariant=True,contravariant=True)", lambda: TypeVar('S',covariant=True,contravariant=True))
t('TypeVar(1)', lambda: TypeVar(1))
t('T.__name__', lambda: T.__name__)
t('T.__bound__', lambda: T.__bound__)
t('T.__constraints__', lambda: T.__constraints__)
t('T.__covariant__', lambda: T.__covariant__)
t('Optional[int]', lambda: Optional[int])
t('Optional[str]', lambda: Optional[str])
t('Optional[None]', lambda: Optional[None])
t('Optional[A]', lambda: Optional[A])
t("Optional['A']", lambda: Optional['A'])
t('Optional[List[int]]', lambda: Optional[List[int]])
t('Optional[int,str]', lambda: Optional[int,str])
t('Optional[1]', lambda: Optional[1])
t('Union[int,str]', lambda: Union[int,str])
t('Union[int]', lambda: Union[int])
t('Union[int,int]', lambda: Union[int,int])
t('Union[int,None]', lambda: Union[int,None])
t('Union[int,str,None]', lambda: Union[int,str,None])
t('Union[None,int]', lambda: Union[None,int])
t('Union[int,Union[str,float]]', lambda: Union[int,Union[str,float]])
t('Union[()]', lambda: Union[()])
t('Union[int,str]==Union[str,int]', lambda: Union[int,str]==Union[str,int])
t('hash(Union[int,str])==hash(Union[str,int])', lambda: hash(Union[int,str])==hash(Union[str,int]))
t('Union[T,int]', lambda: Union[T,int])
t('Union[int,str].__args__', lambda: Union[int,str].__args__)
t('Optional[int].__args__', lambda: Optional[int].__args__)
t('Union[int,str].__origin__', lambda: Union[int,str].__origin__)
t('Optional[Union[int,str]]', lambda: Optional[Union[int,str]])
t('List[int]', lambda: List[int])
t('List[str]', lambda: List[str])
t('List[A]', lambda: List[A])
t("List['A']", lambda: List['A'])
t('List[T]', lambda: List[T])
t('List[T][int]', lambda: List[T][int])
t('List[Any]', lambda: List[Any])
t('List[None]', lambda: List[None])
t('List[List[int]]', lambda: List[List[int]])
t('List[int,str]', lambda: List[int,str])
t('List[1]', lambda: List[1])
t('List[()]', lambda: List[()])
t('List[int]()', lambda: List[int]())
t('List()', lambda: List())
t('List[int].__args__', lambda: List[int].__args__)
t('List[int].__origin__', lambda: List[int].__origin__)
t('List.__origin__', lambda: List.__origin__)
t('isinstance([],List)', lambda: isinstance([],List))
t('isinstance([],List[int])', lambda: isinstance([],List[int]))
t('issubclass(list,List)', lambda: issubclass(list,List))
t('List[int]==List[int]', lambda: List[int]==List[int])
t('List[int]==List[str]', lambda: List[int]==List[str])
t('hash(List[int])==hash(List[int])', lambda: hash(List[int])==hash(List[int]))
t('Dict[str,int]', lambda: Dict[str,int])
t('Dict[str]', lambda: Dict[str])
t('Dict[str,int,int]', lambda: Dict[str,int,int])
t('Dict[K,V]', lambda: Dict[K,V])
t('Dict[K,V][int,str]', lambda: Dict[K,V][int,str])
t('Dict[str,List[T]]', lambda: Dict[str,List[T]])
t('Dict[str,List[T]].__parameters__', lambda: Dict[str,List[T]].__parameters__)
t('Dict[str,List[T]][int]', lambda: Dict[str,List[T]][int])
t('Dict', lambda: Dict)
t('Dict()', lambda: Dict())
t('Set[int]', lambda: Set[int])
t('FrozenSet[int]', lambda: FrozenSet[int])
t('Tuple[int,str]', lambda: Tuple[int,str])
t('Tuple[int,...]', lambda: Tuple[int,...])
t('Tuple[()]', lambda: Tuple[()])
t('Tuple[int]', lambda: Tuple[int])
t('Tuple', lambda: Tuple)
t('Type[int]', lambda: Type[int])
t('Type[A]', lambda: Type[A])
t('Callable[[int],str]', lambda: Callable[[int],str])
t('Callable[...,int]', lambda: Callable[...,int])
t('Callable[[],None]', lambda: Callable[[],None])
t('Callable[[int,str],Any]', lambda: Callable[[int,str],Any])
t('Callable[int,str]', lambda: Callable[int,str])
t('Callable[[int]]', lambda: Callable[[int]])
t('Callable[[T],T]', lambda: Callable[[T],T])
t('Callable[[T],T][int]', lambda: Callable[[T],T][int])
t('Callable[[int],str].__args__', lambda: Callable[[int],str].__args__)
t('Callable[[int],str].__origin__', lambda: Callable[[int],str].__origin__)
t('Iterable[int]', lambda: Iterable[int])
t('Iterator[str]', lambda: Iterator[str])
t('Sequence[int]', lambda: Sequence[int])
t('Mapping[str,int]', lambda: Mapping[str,int])
t('MutableMapping[str,int]', lambda: MutableMapping[str,int])
t('Generator[int,None,str]', lambda: Generator[int,None,str])
