# DeltaBlue: an incremental solver of one-way constraints with a hierarchy of strengths. One task propagates a value
# along a chain of `inner` equalities; the other solves `inner` scaled projections in both directions. Each checks the
# values that it finds.
#
# A constraint can be satisfied by methods that compute one of its variables from the others. The planner keeps the
# graph of the chosen methods free of cycles and prefers stronger constraints to weaker ones; `walk_strength` is the
# strength with which a variable resists being computed by something else, and `stay` says that its value does not
# depend on any input.
#
# Usage: deltablue.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 12000.

import sys
import time

NAME = "DeltaBlue"
DEFAULT_INNER = 12000


class Vector:
    """A sequence from which items are also taken at the front."""

    def __init__(self, capacity=50):
        self.storage = [None] * capacity
        self.first = 0
        self.last = 0

    def append(self, item):
        if self.last == len(self.storage):
            self.storage = self.storage + [None] * len(self.storage)
        self.storage[self.last] = item
        self.last += 1

    def at(self, index):
        return self.storage[self.first + index]

    def size(self):
        return self.last - self.first

    def is_empty(self):
        return self.first == self.last

    def remove_first(self):
        item = self.storage[self.first]
        self.storage[self.first] = None
        self.first += 1
        return item

    def remove(self, item):
        """Take out every occurrence of an item; the others keep their order."""
        kept = [None] * len(self.storage)
        count = 0
        for i in range(self.first, self.last):
            if self.storage[i] is not item:
                kept[count] = self.storage[i]
                count += 1
        self.storage = kept
        self.first = 0
        self.last = count

    def for_each(self, action):
        storage = self.storage
        for i in range(self.first, self.last):
            action(storage[i])

    def any_is(self, test):
        storage = self.storage
        for i in range(self.first, self.last):
            if test(storage[i]):
                return True
        return False

    def sort(self, comes_before):
        """Insertion sort: the vectors sorted here hold a handful of items."""
        storage = self.storage
        for i in range(self.first + 1, self.last):
            item = storage[i]
            place = i
            while place > self.first and comes_before(item, storage[place - 1]):
                storage[place] = storage[place - 1]
                place -= 1
            storage[place] = item


def vector_of(item):
    vector = Vector(1)
    vector.append(item)
    return vector


class Strength:
    """A rung of the hierarchy. The lower its level, the stronger."""

    def __init__(self, name, level):
        self.name = name
        self.level = level

    def is_stronger(self, other):
        return self.level < other.level

    def is_weaker(self, other):
        return self.level > other.level

    def weaker_of(self, other):
        return other if other.is_weaker(self) else self


REQUIRED = Strength("required", -800)
STRONG_PREFERRED = Strength("strong preferred", -600)
PREFERRED = Strength("preferred", -400)
STRONG_DEFAULT = Strength("strong default", -200)
DEFAULT = Strength("default", 0)
WEAK_DEFAULT = Strength("weak default", 500)
WEAKEST = Strength("weakest", 10000)


class Variable:
    def __init__(self, value):
        self.value = value
        self.constraints = Vector(2)
        self.determined_by = None
        self.mark = 0
        self.walk_strength = WEAKEST
        self.stay = True

    def add_constraint(self, constraint):
        self.constraints.append(constraint)

    def remove_constraint(self, constraint):
        self.constraints.remove(constraint)
        if self.determined_by is constraint:
            self.determined_by = None


class Constraint:
    """What all constraints share. A kind of constraint says how it picks a method and how it executes it."""

    def __init__(self, strength):
        self.strength = strength

    def is_input(self):
        return False

    def activate(self, planner):
        self.add_to_graph()
        planner.incremental_add(self)

    def destroy(self, planner):
        if self.is_satisfied():
            planner.incremental_remove(self)
        self.remove_from_graph()

    def satisfy(self, mark, planner):
        """Enforce this constraint if it can be; the weaker constraint that had to give way, or None."""
        self.choose_method(mark)
        if not self.is_satisfied():
            if self.strength is REQUIRED:
                raise ValueError("a required constraint cannot be satisfied")
            return None

        def set_mark(variable):
            variable.mark = mark

        self.inputs_do(set_mark)
        output = self.output()
        overridden = output.determined_by
        if overridden is not None:
            overridden.mark_unsatisfied()
        output.determined_by = self
        if not planner.add_propagate(self, mark):
            raise ValueError("the constraints form a cycle")
        output.mark = mark
        return overridden

    def inputs_known(self, mark):
        """Are all inputs either computed by the plan that bears this mark, or constant, or free?"""

        def is_unknown(variable):
            return not (variable.mark == mark or variable.stay or variable.determined_by is None)

        return not self.any_input(is_unknown)


class UnaryConstraint(Constraint):
    """A constraint on one variable, which is its only output."""

    def __init__(self, variable, strength, planner):
        super().__init__(strength)
        self.variable = variable
        self.satisfied = False
        self.activate(planner)

    def is_satisfied(self):
        return self.satisfied

    def mark_unsatisfied(self):
        self.satisfied = False

    def output(self):
        return self.variable

    def add_to_graph(self):
        self.variable.add_constraint(self)
        self.satisfied = False

    def remove_from_graph(self):
        self.variable.remove_constraint(self)
        self.satisfied = False

    def choose_method(self, mark):
        self.satisfied = self.variable.mark != mark and self.strength.is_stronger(self.variable.walk_strength)

    def inputs_do(self, action):
        pass

    def any_input(self, test):
        return False

    def recalculate(self):
        self.variable.walk_strength = self.strength
        self.variable.stay = not self.is_input()
        if self.variable.stay:
            self.execute()

    def execute(self):
        pass


class StayConstraint(UnaryConstraint):
    """The variable should keep its value."""


class EditConstraint(UnaryConstraint):
    """The variable is set from outside."""

    def is_input(self):
        return True


FORWARD = 1
BACKWARD = -1


class BinaryConstraint(Constraint):
    """A constraint that computes its second variable from the first (forward), or the other way (backward)."""

    def __init__(self, first, second, strength):
        super().__init__(strength)
        self.first = first
        self.second = second
        self.direction = 0

    def is_satisfied(self):
        return self.direction != 0

    def mark_unsatisfied(self):
        self.direction = 0

    def input(self):
        return self.first if self.direction == FORWARD else self.second

    def output(self):
        return self.second if self.direction == FORWARD else self.first

    def add_to_graph(self):
        self.first.add_constraint(self)
        self.second.add_constraint(self)
        self.direction = 0

    def remove_from_graph(self):
        self.first.remove_constraint(self)
        self.second.remove_constraint(self)
        self.direction = 0

    def choose_method(self, mark):
        """Pick the direction whose output may be overridden; if both may, the one with the weaker output."""
        first = self.first
        second = self.second
        if first.mark == mark:
            can_go = second.mark != mark and self.strength.is_stronger(second.walk_strength)
            self.direction = FORWARD if can_go else 0
        elif second.mark == mark:
            self.direction = BACKWARD if self.strength.is_stronger(first.walk_strength) else 0
        elif first.walk_strength.is_weaker(second.walk_strength):
            self.direction = BACKWARD if self.strength.is_stronger(first.walk_strength) else 0
        else:
            self.direction = FORWARD if self.strength.is_stronger(second.walk_strength) else 0

    def inputs_do(self, action):
        action(self.input())

    def any_input(self, test):
        return test(self.input())

    def recalculate(self):
        source = self.input()
        target = self.output()
        target.walk_strength = self.strength.weaker_of(source.walk_strength)
        target.stay = source.stay
        if target.stay:
            self.execute()


class EqualityConstraint(BinaryConstraint):
    def __init__(self, first, second, strength, planner):
        super().__init__(first, second, strength)
        self.activate(planner)

    def execute(self):
        self.output().value = self.input().value


class ScaleConstraint(BinaryConstraint):
    """second = first * scale + offset; scale and offset are variables too, but never computed from here."""

    def __init__(self, first, scale, offset, second, strength, planner):
        super().__init__(first, second, strength)
        self.scale = scale
        self.offset = offset
        self.activate(planner)

    def add_to_graph(self):
        super().add_to_graph()
        self.scale.add_constraint(self)
        self.offset.add_constraint(self)

    def remove_from_graph(self):
        super().remove_from_graph()
        self.scale.remove_constraint(self)
        self.offset.remove_constraint(self)

    def inputs_do(self, action):
        action(self.input())
        action(self.scale)
        action(self.offset)

    def any_input(self, test):
        return test(self.input()) or test(self.scale) or test(self.offset)

    def recalculate(self):
        source = self.input()
        target = self.output()
        target.walk_strength = self.strength.weaker_of(source.walk_strength)
        target.stay = source.stay and self.scale.stay and self.offset.stay
        if target.stay:
            self.execute()

    def execute(self):
        if self.direction == FORWARD:
            self.second.value = self.first.value * self.scale.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.scale.value


class Plan:
    """Constraints in an order in which executing them brings all variables up to date."""

    def __init__(self):
        self.constraints = Vector()

    def append(self, constraint):
        self.constraints.append(constraint)

    def execute(self):
        self.constraints.for_each(lambda constraint: constraint.execute())


class Planner:
    def __init__(self):
        self.last_mark = 0

    def new_mark(self):
        self.last_mark += 1
        return self.last_mark

    def incremental_add(self, constraint):
        """Enforce a constraint, then try again each one that was overridden for it."""
        mark = self.new_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def incremental_remove(self, constraint):
        """Take back a constraint, then enforce those that it stood in the way of, the strongest first."""
        output = constraint.output()
        constraint.mark_unsatisfied()
        constraint.remove_from_graph()
        self.remove_propagate(output).for_each(self.incremental_add)

    def plan_for(self, inputs):
        sources = Vector()

        def keep_source(constraint):
            if constraint.is_input() and constraint.is_satisfied():
                sources.append(constraint)

        inputs.for_each(keep_source)
        return self.make_plan(sources)

    def make_plan(self, sources):
        mark = self.new_mark()
        plan = Plan()
        hot = sources
        while not hot.is_empty():
            constraint = hot.remove_first()
            output = constraint.output()
            if output.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                output.mark = mark
                self.add_consumers(output, hot)
        return plan

    def add_consumers(self, variable, target):
        """Append to `target` the satisfied constraints that read a variable."""
        determining = variable.determined_by

        def keep_consumer(constraint):
            if constraint is not determining and constraint.is_satisfied():
                target.append(constraint)

        variable.constraints.for_each(keep_consumer)

    def add_propagate(self, constraint, mark):
        """Bring all that follows from a newly satisfied constraint up to date; false if it follows from itself."""
        todo = vector_of(constraint)
        while not todo.is_empty():
            current = todo.remove_first()
            if current.output().mark == mark:
                self.incremental_remove(constraint)
                return False
            current.recalculate()
            self.add_consumers(current.output(), todo)
        return True

    def remove_propagate(self, output):
        """Bring what followed from a lost output up to date; what may now be satisfied, the strongest first."""
        output.determined_by = None
        output.walk_strength = WEAKEST
        output.stay = True
        unsatisfied = Vector()
        todo = vector_of(output)
        while not todo.is_empty():
            variable = todo.remove_first()
            determining = variable.determined_by

            def keep_unsatisfied(constraint):
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)

            def follow(constraint):
                if constraint is not determining and constraint.is_satisfied():
                    constraint.recalculate()
                    todo.append(constraint.output())

            variable.constraints.for_each(keep_unsatisfied)
            variable.constraints.for_each(follow)
        unsatisfied.sort(lambda left, right: left.strength.is_stronger(right.strength))
        return unsatisfied

    def change(self, variable, value):
        """Edit a variable: give it a value, ten times over as a user's dragging would."""
        edit = EditConstraint(variable, PREFERRED, self)
        plan = self.plan_for(vector_of(edit))
        for _ in range(10):
            variable.value = value
            plan.execute()
        edit.destroy(self)


def chain(length):
    """Equalities in a row, held at the last variable and edited at the first."""
    planner = Planner()
    variables = [None] * (length + 1)
    for i in range(length + 1):
        variables[i] = Variable(0)
    for i in range(length):
        EqualityConstraint(variables[i], variables[i + 1], REQUIRED, planner)
    StayConstraint(variables[length], STRONG_DEFAULT, planner)
    edit = EditConstraint(variables[0], PREFERRED, planner)
    plan = planner.plan_for(vector_of(edit))
    for value in range(100):
        variables[0].value = value
        plan.execute()
        check(variables[length].value, value)
    edit.destroy(planner)


def projection(count):
    """Many scaled pairs that share their scale and offset; each of the four kinds of variable is edited."""
    planner = Planner()
    scale = Variable(10)
    offset = Variable(1000)
    targets = Vector()
    source = None
    target = None
    for i in range(1, count + 1):
        source = Variable(i)
        target = Variable(i)
        targets.append(target)
        StayConstraint(source, DEFAULT, planner)
        ScaleConstraint(source, scale, offset, target, REQUIRED, planner)

    planner.change(source, 17)
    check(target.value, 1170)
    planner.change(target, 1050)
    check(source.value, 5)
    planner.change(scale, 5)
    for i in range(count - 1):
        check(targets.at(i).value, (i + 1) * 5 + 1000)
    planner.change(offset, 2000)
    for i in range(count - 1):
        check(targets.at(i).value, (i + 1) * 5 + 2000)


def run(inner):
    chain(inner)
    projection(inner)


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def main(argv):
    iterations = int(argv[1]) if len(argv) > 1 else 1
    inner = int(argv[2]) if len(argv) > 2 else DEFAULT_INNER
    steady = len(argv) > 3 and argv[3] == "steady"
    for iteration in range(iterations):
        start = time.process_time_ns() if steady else 0
        run(inner)
        if steady:
            print(NAME + ": iteration", iteration, time.process_time_ns() - start, "ns")
    print(NAME + ": ok")


if __name__ == "__main__":
    main(sys.argv)
