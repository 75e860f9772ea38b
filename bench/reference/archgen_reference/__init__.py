"""PyTorch peers of archgen's own computations, written from the published definitions.

Nothing of archgen needs this package at run time. It exists so that counts, proxies and exported files can be compared, layer by
layer, with an independent implementation on PyTorch's kernels and autograd.
"""
