"""The report of an AttributeError with a suggestion."""


class Account:
    def __init__(self):
        self.balance = 0

    def deposit(self, amount): self.balance += amount


é = Account()
print(é.balance); é.depositt(3)
