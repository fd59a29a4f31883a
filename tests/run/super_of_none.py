class Note(Exception):
    def __init__(self, *args, code=0):
        super().__init__(*args)
        self.code = code
for i in range(10):
    try: Note.__init__(None, 3)
    except TypeError as e: print(e)
    try: Note.__init__(5, 'a', 4)
    except TypeError as e: print(e)
    try: Note.__init__(5)
    except TypeError as e: print(e)
