from . import allocation, exceptions, network
