# Objects of one class whose attributes have names of all kinds, and in no order: they get dicts of their own.


class Bag:
    pass


class Number(int):
    pass


bags = []
for i in range(600):
    bag = Bag()
    setattr(bag, "a" + str(i), [i])
    setattr(bag, "b" + str(i % 7), i)
    bag.last = -i
    bags.append(bag)
print(sum(getattr(bag, "a" + str(i))[0] + bag.last for i, bag in enumerate(bags)))
print(vars(bags[0]), vars(bags[127]), vars(bags[128]), vars(bags[599]))
late = Bag()
late.a5 = 1
late.x = 2
del late.a5
print(vars(late), hasattr(late, "a5"), late.x)
bags[300].a300.append(1)
bags[300].b6 = "changed"
del bags[300].last
print(vars(bags[300]), [name for name in dir(bags[599]) if not name.startswith("_")])
try:
    bags[300].last
except AttributeError as error:
    print(error)
numbers = []
for i in range(300):
    number = Number(i)
    setattr(number, "n%d" % i, i)
    number.twice = 2 * i
    numbers.append(number)
print(sum(number.twice + getattr(number, "n%d" % number) for number in numbers), vars(numbers[250]))
