"""A shop's stock: classes that derive from one another, properties, exceptions, formatted output."""


class OutOfStock(Exception):
    def __init__(self, item: "Item", wanted: int) -> None:
        super().__init__(f"{item.name}: {wanted} wanted, {item.count} there")
        self.item = item


class Item:
    tax = 19

    def __init__(self, name: str, price: int, count: int) -> None:
        self.name = name
        self._price = price
        self.count = count

    @property
    def price(self) -> int:
        return self._price + self._price * self.tax // 100

    def take(self, wanted: int) -> int:
        if wanted > self.count:
            raise OutOfStock(self, wanted)
        self.count -= wanted
        return wanted * self.price

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.price}, {self.count})"


class Food(Item):
    tax = 7

    def __init__(self, name: str, price: int, count: int, days: int) -> None:
        super().__init__(name, price, count)
        self.days = days

    def age(self) -> None:
        self.days -= 1
        if self.days < 0:
            self.count = 0


class Bulk(Item):
    @property
    def price(self) -> int:
        return self._price if self.count < 100 else self._price * 9 // 10


class Shop:
    def __init__(self, items: list[Item]) -> None:
        self.items = {item.name: item for item in items}
        self.takings = 0
        self.refused: list[str] = []

    def sell(self, name: str, wanted: int) -> None:
        try:
            self.takings += self.items[name].take(wanted)
        except OutOfStock as problem:
            self.refused.append(str(problem))
            problem.item.count += 50
        except KeyError as problem:
            self.refused.append(f"no {problem}")

    def night(self) -> None:
        for item in self.items.values():
            if isinstance(item, Food):
                item.age()


shop = Shop([Item("lamp", 2500, 30), Food("bread", 250, 200, 3), Food("rice", 180, 300, 90), Bulk("nails", 5, 5000), Item("pen", 120, 400)])
names = ["bread", "pen", "nails", "rice", "lamp", "kite"]
for day in range(300):
    for sale in range(300):
        shop.sell(names[(day * 7 + sale * 5) % 6], sale % 4 + 1)
    shop.night()
print(shop.takings, len(shop.refused))
print(*shop.refused[:5], sep="\n")
for item in shop.items.values():
    print(item)
