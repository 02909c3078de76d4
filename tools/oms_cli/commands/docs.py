HELP = "x"
PASSES_ARGUMENTS = False


def add_arguments(parser):
    pass


def run(context):
    return 0
