# Richards: the kernel of a simple operating system. An idler, a worker, two handlers and two devices are scheduled by
# priority and send each other packets; the numbers of packets queued and of holds are known. Objects, attributes and
# calls whose target varies.
#
# Usage: richards.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 100.

import sys
import time

NAME = "Richards"
DEFAULT_INNER = 25

IDLER = 0
WORKER = 1
HANDLER_A = 2
HANDLER_B = 3
DEVICE_A = 4
DEVICE_B = 5
TASKS = 6

DEVICE_PACKET = 0
WORK_PACKET = 1

PACKET_SIZE = 4


class Packet:
    def __init__(self, link, identity, kind):
        self.link = link
        self.identity = identity
        self.kind = kind
        self.datum = 0
        self.data = [0] * PACKET_SIZE


def append(packet, queue):
    """Put a packet at the end of a queue, which is a chain of packets; the chain's new head."""
    packet.link = None
    if queue is None:
        return packet
    last = queue
    while last.link is not None:
        last = last.link
    last.link = packet
    return queue


class TaskState:
    def __init__(self):
        self.packet_pending = False
        self.task_waiting = False
        self.task_holding = False

    def set_running(self):
        self.packet_pending = False
        self.task_waiting = False
        self.task_holding = False
        return self

    def set_packet_pending(self):
        self.packet_pending = True
        self.task_waiting = False
        self.task_holding = False
        return self

    def set_waiting(self):
        self.packet_pending = False
        self.task_waiting = True
        self.task_holding = False
        return self

    def set_waiting_with_packet(self):
        self.packet_pending = True
        self.task_waiting = True
        self.task_holding = False
        return self

    def is_holding_or_waiting(self):
        return self.task_holding or (not self.packet_pending and self.task_waiting)

    def is_waiting_with_packet(self):
        return self.packet_pending and self.task_waiting and not self.task_holding


class Task(TaskState):
    """A task of the kernel. A kind of task says in process() what it does with a packet, or with none."""

    def __init__(self, kernel, identity, priority, queue, state):
        TaskState.__init__(self)
        self.kernel = kernel
        self.identity = identity
        self.priority = priority
        self.queue = queue
        self.packet_pending = state.packet_pending
        self.task_waiting = state.task_waiting
        self.task_holding = state.task_holding
        self.link = kernel.add_task(self)

    def process(self, packet):
        raise NotImplementedError("process")

    def run(self):
        """Hand the next packet over, if one was waited for; the task to go on with."""
        packet = None
        if self.is_waiting_with_packet():
            packet = self.queue
            self.queue = packet.link
            if self.queue is None:
                self.set_running()
            else:
                self.set_packet_pending()
        return self.process(packet)

    def receive(self, packet, sender):
        """Queue a packet; of this task and the sender, the one that runs next."""
        if self.queue is None:
            self.queue = packet
            self.packet_pending = True
            if self.priority > sender.priority:
                return self
        else:
            self.queue = append(packet, self.queue)
        return sender


class Idler(Task):
    """Releases one device or the other, as the bits of a shift register fall, and holds after ten thousand turns."""

    def __init__(self, kernel, identity, priority, queue, state):
        super().__init__(kernel, identity, priority, queue, state)
        self.control = 1
        self.count = 10000

    def process(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.kernel.hold()
        if self.control & 1 == 0:
            self.control = self.control // 2
            return self.kernel.release(DEVICE_A)
        self.control = (self.control // 2) ^ 53256
        return self.kernel.release(DEVICE_B)


class Worker(Task):
    """Fills packets with letters and sends them to the two handlers by turns."""

    def __init__(self, kernel, identity, priority, queue, state):
        super().__init__(kernel, identity, priority, queue, state)
        self.destination = HANDLER_A
        self.count = 0

    def process(self, packet):
        if packet is None:
            return self.kernel.wait()
        self.destination = HANDLER_B if self.destination == HANDLER_A else HANDLER_A
        packet.identity = self.destination
        packet.datum = 0
        for i in range(PACKET_SIZE):
            self.count += 1
            if self.count > 26:
                self.count = 1
            packet.data[i] = 65 + self.count - 1
        return self.kernel.send(packet)


class Handler(Task):
    """Passes the data of the worker's packets on, a datum in each of the device's packets."""

    def __init__(self, kernel, identity, priority, queue, state):
        super().__init__(kernel, identity, priority, queue, state)
        self.work_queue = None
        self.device_queue = None

    def process(self, packet):
        if packet is not None:
            if packet.kind == WORK_PACKET:
                self.work_queue = append(packet, self.work_queue)
            else:
                self.device_queue = append(packet, self.device_queue)
        work = self.work_queue
        if work is None:
            return self.kernel.wait()
        done = work.datum
        if done >= PACKET_SIZE:
            self.work_queue = work.link
            return self.kernel.send(work)
        device = self.device_queue
        if device is None:
            return self.kernel.wait()
        self.device_queue = device.link
        device.datum = work.data[done]
        work.datum = done + 1
        return self.kernel.send(device)


class Device(Task):
    """Keeps a packet while it holds, and sends it back when it is released."""

    def __init__(self, kernel, identity, priority, queue, state):
        super().__init__(kernel, identity, priority, queue, state)
        self.pending = None

    def process(self, packet):
        if packet is None:
            packet = self.pending
            if packet is None:
                return self.kernel.wait()
            self.pending = None
            return self.kernel.send(packet)
        self.pending = packet
        return self.kernel.hold()


class Kernel:
    def __init__(self):
        self.first = None
        self.current = None
        self.current_identity = IDLER
        self.table = [None] * TASKS
        self.packets_sent = 0
        self.holds = 0

    def add_task(self, task):
        """Enter a task at the head of the task list; the task that comes after it."""
        after = self.first
        self.first = task
        self.table[task.identity] = task
        return after

    def find_task(self, identity):
        task = self.table[identity]
        if task is None:
            raise ValueError("no such task")
        return task

    def hold(self):
        self.holds += 1
        self.current.task_holding = True
        return self.current.link

    def wait(self):
        self.current.task_waiting = True
        return self.current

    def release(self, identity):
        task = self.find_task(identity)
        task.task_holding = False
        if task.priority > self.current.priority:
            return task
        return self.current

    def send(self, packet):
        """Send a packet to the task it names; it then names its sender."""
        task = self.find_task(packet.identity)
        self.packets_sent += 1
        packet.link = None
        packet.identity = self.current_identity
        return task.receive(packet, self.current)

    def schedule(self):
        self.current = self.first
        while self.current is not None:
            if self.current.is_holding_or_waiting():
                self.current = self.current.link
            else:
                self.current_identity = self.current.identity
                self.current = self.current.run()


def packets(count, identity, kind):
    queue = None
    for _ in range(count):
        queue = Packet(queue, identity, kind)
    return queue


def richards():
    kernel = Kernel()
    Idler(kernel, IDLER, 0, None, TaskState().set_running())
    Worker(kernel, WORKER, 1000, packets(2, WORKER, WORK_PACKET), TaskState().set_waiting_with_packet())
    Handler(kernel, HANDLER_A, 2000, packets(3, DEVICE_A, DEVICE_PACKET), TaskState().set_waiting_with_packet())
    Handler(kernel, HANDLER_B, 3000, packets(3, DEVICE_B, DEVICE_PACKET), TaskState().set_waiting_with_packet())
    Device(kernel, DEVICE_A, 4000, None, TaskState().set_waiting())
    Device(kernel, DEVICE_B, 5000, None, TaskState().set_waiting())
    kernel.schedule()
    return kernel


def run(inner):
    for _ in range(inner):
        kernel = richards()
        check(kernel.packets_sent, 23246)
        check(kernel.holds, 9297)


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
