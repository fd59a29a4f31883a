"""Reads comma-separated orders, sums them by customer and month, and prints a table."""


class Order:
    def __init__(self, number: int, customer: str, month: int, cents: int) -> None:
        self.number = number
        self.customer = customer
        self.month = month
        self.cents = cents


def source(count: int) -> str:
    names = ["Ada", "Blaise", "Charles", "Donald", "Edsger", "Grace"]
    rows = []
    for i in range(count):
        rows.append(f"{i},{names[i * 7 % len(names)]},{i * 5 % 12 + 1},{(i * 7919) % 10000 / 100:.2f}")
    return "number,customer,month,amount\n" + "\n".join(rows) + "\n"


def parse(text: str) -> list[Order]:
    orders = []
    for line in text.splitlines()[1:]:
        number, customer, month, amount = line.split(",")
        orders.append(Order(int(number), customer, int(month), round(float(amount) * 100)))
    return orders


def totals(orders: list[Order]) -> dict[str, list[int]]:
    result: dict[str, list[int]] = {}
    for order in orders:
        if order.customer not in result:
            result[order.customer] = [0] * 12
        result[order.customer][order.month - 1] += order.cents
    return result


table = totals(parse(source(24000)))
print("customer  " + "".join(f"{month:>10}" for month in range(1, 13)))
for customer in sorted(table):
    print(f"{customer:10}" + "".join(f"{cents / 100:10.2f}" for cents in table[customer]))
