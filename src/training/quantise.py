"""Post-training quantisation: a network in float32 becomes one in 8-bit integers.

Linear quantisation after Jacob et al. 2018 (https://arxiv.org/abs/1712.05877): value = scale * (integer - zero point).
Weights are int8 around 0, one scale for each output channel of a convolution; activations are uint8, and where a ReLU
follows their zero point is 0, so that saturation is the ReLU.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.functional import conv2d, max_pool2d

CLIPPED = 1e-5
"""Share of the largest activations that saturate: they are rare, and a finer step serves the others."""

PIXEL = np.float32(1 / 255)
"""Scale of the input: images have the 256 levels of a canvas, so quantising them loses nothing."""


PART = 256
"""Images computed on at a time: float64 activations of thousands would fill the memory."""


@dataclass(frozen=True)
class QuantisedLayer:
    """A convolution (weights [out, in, height, width]) or a dense layer (weights [in, out], without bias)."""

    weights: np.ndarray  # int8
    bias: np.ndarray | None  # int32 [out], in steps of input scale * weight scale
    input_scale: np.float32
    weight_scale: np.ndarray  # float32, [out] for a convolution, [] for a dense layer
    output_scale: np.float32
    output_zero: int


def is_weighted(layer: nn.Module) -> bool:
    return isinstance(layer, (nn.Conv2d, nn.Linear))


@torch.no_grad()
def output_steps(net: nn.Sequential, images: np.ndarray) -> dict[str, tuple[np.float32, int]]:
    """Scale and zero point of what each weighted layer hands on, from what it does on the given images."""
    steps: dict[str, tuple[np.float32, int]] = {}
    values, last = torch.from_numpy(images), ''
    for name, layer in net.named_children():
        values = layer(values)
        if is_weighted(layer):
            last = name
            low, high = values.min().item(), values.max().item()
            scale = np.float32((high - low) / 255)
            steps[name] = scale, round(-low / float(scale))
        elif isinstance(layer, nn.ReLU):
            steps[last] = np.float32(np.quantile(values.numpy(), 1 - CLIPPED) / 255), 0
    return steps


def quantise(net: nn.Sequential, images: np.ndarray) -> dict[str, QuantisedLayer]:
    """The weighted layers of a network by name, calibrated on the given images [n, 1, 28, 28]."""
    steps = output_steps(net, images)
    layers: dict[str, QuantisedLayer] = {}
    input_scale = PIXEL
    for name, layer in net.named_children():
        if not is_weighted(layer):
            continue
        weights = layer.weight.detach().numpy()
        convolution = isinstance(layer, nn.Conv2d)
        weight_scale = (np.abs(weights).max((1, 2, 3) if convolution else None) / 127).astype(np.float32)
        per_weight = weight_scale[:, None, None, None] if convolution else weight_scale
        integers = np.round(weights / per_weight).astype(np.int8)
        bias = None
        if layer.bias is not None:
            bias = np.round(layer.bias.detach().numpy() / (input_scale * weight_scale)).astype(np.int32)
        layers[name] = QuantisedLayer(
            weights=integers if convolution else integers.T,
            bias=bias,
            input_scale=input_scale,
            weight_scale=weight_scale,
            output_scale=steps[name][0],
            output_zero=steps[name][1],
        )
        input_scale = steps[name][0]
    return layers


def sums(layer: QuantisedLayer, values: torch.Tensor, padding: tuple[int, int] | None) -> np.ndarray:
    """Integer sums of products, computed in float64, where they are exact."""
    weights = torch.from_numpy(layer.weights).double()
    if padding is None:
        return (values @ weights).numpy()
    return conv2d(values, weights, torch.from_numpy(layer.bias).double(), padding=padding).numpy()


def integer_logits(net: nn.Sequential, layers: dict[str, QuantisedLayer], images: np.ndarray) -> np.ndarray:
    """What the operators of the quantised file are specified to compute, float32 [n, 10]."""
    parts = np.array_split(images, math.ceil(len(images) / PART))
    return np.concatenate([_integer_logits(net, layers, part) for part in parts])


def _integer_logits(net: nn.Sequential, layers: dict[str, QuantisedLayer], images: np.ndarray) -> np.ndarray:
    values = torch.from_numpy(np.round(images / PIXEL)).double()
    for name, module in net.named_children():
        if is_weighted(module):
            layer = layers[name]
            total = sums(layer, values, getattr(module, 'padding', None)).astype(np.float32)
            scale = layer.input_scale * layer.weight_scale / layer.output_scale
            scale = scale[:, None, None] if scale.ndim else scale
            stepped = np.rint(total * scale) + layer.output_zero
            values = torch.from_numpy(np.clip(stepped, 0, 255)).double()
        elif isinstance(module, nn.MaxPool2d):
            values = max_pool2d(values, module.kernel_size)
        elif isinstance(module, nn.Flatten):
            values = values.flatten(1)
    return (values.numpy() - layer.output_zero).astype(np.float32) * layer.output_scale
