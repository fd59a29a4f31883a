"""typing: generic classes, new types, checks."""
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


t('Collection[int]', lambda: Collection[int])
t('Container[int]', lambda: Container[int])
t('Reversible[int]', lambda: Reversible[int])
t('Hashable', lambda: Hashable)
t('Sized', lambda: Sized)
t('DefaultDict[str,int]', lambda: DefaultDict[str,int])
t('Deque[int]', lambda: Deque[int])
t('KeysView[int]', lambda: KeysView[int])
t('ClassVar[int]', lambda: ClassVar[int])
t('Final[int]', lambda: Final[int])
t('Literal[1]', lambda: Literal[1])
t("Literal['a','b']", lambda: Literal['a','b'])
t('Literal[1,True]', lambda: Literal[1,True])
t('Literal[1,1]', lambda: Literal[1,1])
t("Literal['a'].__args__", lambda: Literal['a'].__args__)
t('Literal[1]==Literal[1]', lambda: Literal[1]==Literal[1])
t('Literal[None]', lambda: Literal[None])
t('Literal[Literal[1],2]', lambda: Literal[Literal[1],2])
t("Annotated[int,'x']", lambda: Annotated[int,'x'])
t('Annotated[int,1,2].__metadata__', lambda: Annotated[int,1,2].__metadata__)
t('Annotated[int]', lambda: Annotated[int])
t("Annotated[int,'x'].__origin__", lambda: Annotated[int,'x'].__origin__)
t('Stack', lambda: Stack)
t('Stack[int]', lambda: Stack[int])
t('Stack[T]', lambda: Stack[T])
t('Stack[int].__origin__', lambda: Stack[int].__origin__)
t('Stack[int].__args__', lambda: Stack[int].__args__)
t('type(Stack[int]())', lambda: type(Stack[int]()))
t('Stack.__parameters__', lambda: Stack.__parameters__)
t('Stack.__orig_bases__', lambda: Stack.__orig_bases__)
t('Pair[int,str]', lambda: Pair[int,str])
t('Pair[int]', lambda: Pair[int])
t('Pair[int,str,float]', lambda: Pair[int,str,float])
t('Stack[int,str]', lambda: Stack[int,str])
t('PI[str]', lambda: PI[str])
t('PI.__parameters__', lambda: PI.__parameters__)
t('PI[str].__args__', lambda: PI[str].__args__)
t('Stack[int]==Stack[int]', lambda: Stack[int]==Stack[int])
t('isinstance(Stack(),Stack)', lambda: isinstance(Stack(),Stack))
t('isinstance(Stack(),Stack[int])', lambda: isinstance(Stack(),Stack[int]))
t('isinstance(3,Generic)', lambda: isinstance(3,Generic))
t('Generic[int]', lambda: Generic[int])
t('Generic[T]', lambda: Generic[T])
t('Generic[T,T]', lambda: Generic[T,T])
t('Generic[()]', lambda: Generic[()])
t('UserId', lambda: UserId)
t('UserId(5)', lambda: UserId(5))
t('UserId.__name__', lambda: UserId.__name__)
t('UserId.__supertype__', lambda: UserId.__supertype__)
t('type(UserId)', lambda: type(UserId))
t("NewType('X',str)('a')", lambda: NewType('X',str)('a'))
t('Optional[UserId]', lambda: Optional[UserId])
t("cast(int,'a')", lambda: cast(int,'a'))
t('TYPE_CHECKING', lambda: TYPE_CHECKING)
t('Any()', lambda: Any())
t('isinstance(3,Any)', lambda: isinstance(3,Any))
t('Union()', lambda: Union())
t('Optional()', lambda: Optional())
t('ClassVar()', lambda: ClassVar())
t('isinstance(3,Union[int,str])', lambda: isinstance(3,Union[int,str]))
t('isinstance(3,Optional[int])', lambda: isinstance(3,Optional[int]))
t('isinstance(None,Optional[int])', lambda: isinstance(None,Optional[int]))
t("isinstance('a',Union[int,str])", lambda: isinstance('a',Union[int,str]))
t("ForwardRef('A')", lambda: ForwardRef('A'))
t("repr(ForwardRef('A'))", lambda: repr(ForwardRef('A')))
t('assert_type(3,int)', lambda: assert_type(3,int))
t('assert_never(3)', lambda: assert_never(3))
t('List[int].append', lambda: List[int].append)
t('List[int].foo', lambda: List[int].foo)
t('List.__name__', lambda: List.__name__)
t('List[int].__name__', lambda: List[int].__name__)
t('Any.__name__', lambda: Any.__name__)
t('Optional.__name__', lambda: Optional.__name__)
t('Protocol[T]', lambda: Protocol[T])
t('NoReturn[int]', lambda: NoReturn[int])
t('Any[int]', lambda: Any[int])
t('ClassVar[int,str]', lambda: ClassVar[int,str])
t('Final[int,str]', lambda: Final[int,str])
t('Tuple[int,str].__args__', lambda: Tuple[int,str].__args__)
t('SupportsInt', lambda: SupportsInt)
t('isinstance(3,SupportsInt)', lambda: isinstance(3,SupportsInt))
t("isinstance('a',SupportsInt)", lambda: isinstance('a',SupportsInt))
t('isinstance(3.5,SupportsFloat)', lambda: isinstance(3.5,SupportsFloat))
t('isinstance(3,SupportsIndex)', lambda: isinstance(3,SupportsIndex))
t('isinstance([],Hashable)', lambda: isinstance([],Hashable))
t('isinstance(3,Hashable)', lambda: isinstance(3,Hashable))
t('isinstance([],Iterable)', lambda: isinstance([],Iterable))
t('isinstance([],Sequence)', lambda: isinstance([],Sequence))
t('isinstance({},Mapping)', lambda: isinstance({},Mapping))
t('isinstance(3,Sized)', lambda: isinstance(3,Sized))
t('isinstance([],Sized)', lambda: isinstance([],Sized))
t('isinstance(print,Callable)', lambda: isinstance(print,Callable))
t('isinstance(3,Callable)', lambda: isinstance(3,Callable))
t('isinstance((),Tuple)', lambda: isinstance((),Tuple))
t('isinstance({},Dict)', lambda: isinstance({},Dict))
t('List[int] | None', lambda: List[int] | None)
t('T | int', lambda: T | int)
t('Optional[int] | str', lambda: Optional[int] | str)
t('int | List[int]', lambda: int | List[int])
t('List[Optional[int]]', lambda: List[Optional[int]])
t('Dict[str,Optional[List[int]]]', lambda: Dict[str,Optional[List[int]]])
t('Optional[Callable[[int],str]]', lambda: Optional[Callable[[int],str]])
t('Callable[[Optional[int]],Tuple[int,...]]', lambda: Callable[[Optional[int]],Tuple[int,...]])
t('typing.List[int].__class__.__name__', lambda: typing.List[int].__class__.__name__)
t('typing.Any.__class__', lambda: typing.Any.__class__)
t("List['int']", lambda: List['int'])
t("List[ForwardRef('A')]", lambda: List[ForwardRef('A')])
t("Union['A',int]", lambda: Union['A',int])
t("Type['A']", lambda: Type['A'])
t('Type[Any]', lambda: Type[Any])
t('Tuple[Any,...]', lambda: Tuple[Any,...])
t('Text is str', lambda: Text is str)
t('Self[int]', lambda: Self[int])
