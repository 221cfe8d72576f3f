"""Writes the network as ONNX, in float32 and in 8-bit integers, operator by operator.

Written by hand, and not by torch's exporter, so that the bytes depend on the weights alone: no paths, no doc strings,
no versions.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from quantise import PIXEL, QuantisedLayer

OPSET = 17
IR_VERSION = 8
"""What opset 17 came with; any later engine reads it."""


class GraphOfOne:
    """A chain of operators from `image` to `logits`, each on the output of the one before, for one image at a time."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}
        self.value = 'image'

    def constant(self, name: str, value: np.ndarray | np.generic) -> str:
        self.constants[name] = np.array(value, order='C')
        return name

    def then(self, operator: str, output: str, *constants: str, **attributes: int | list[int]) -> None:
        self.nodes.append(helper.make_node(operator, [self.value, *constants], [output], name=output, **attributes))
        self.value = output

    def model(self) -> onnx.ModelProto:
        self.nodes[-1].output[0] = 'logits'
        graph = helper.make_graph(
            self.nodes,
            'digits',
            [helper.make_tensor_value_info('image', TensorProto.FLOAT, [1, 1, 28, 28])],
            [helper.make_tensor_value_info('logits', TensorProto.FLOAT, [1, 10])],
            [numpy_helper.from_array(value, name) for name, value in self.constants.items()],
        )
        model = helper.make_model(graph, producer_name='moot', opset_imports=[helper.make_opsetid('', OPSET)])
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return model


def window(layer: nn.Conv2d) -> dict[str, list[int]]:
    return {'kernel_shape': list(layer.kernel_size), 'pads': list(layer.padding) * 2}


def shape_only(graph: GraphOfOne, name: str, layer: nn.Module) -> None:
    """The operators that are the same on floats and on integers."""
    match layer:
        case nn.MaxPool2d():
            size = [layer.kernel_size] * 2
            graph.then('MaxPool', name, kernel_shape=size, strides=size)
        case nn.Flatten():
            graph.then('Flatten', name, axis=1)
        case _:
            raise TypeError(f'no operator for {layer}')


def float_model(net: nn.Sequential) -> onnx.ModelProto:
    """Conv, Relu, MaxPool, Flatten, MatMul."""
    graph = GraphOfOne()
    for name, layer in net.named_children():
        match layer:
            case nn.Conv2d():
                weights = graph.constant(f'{name}.weights', layer.weight.detach().numpy())
                bias = graph.constant(f'{name}.bias', layer.bias.detach().numpy())
                graph.then('Conv', name, weights, bias, **window(layer))
            case nn.Linear():
                graph.then('MatMul', name, graph.constant(f'{name}.weights', layer.weight.detach().numpy().T))
            case nn.ReLU():
                graph.then('Relu', name)
            case _:
                shape_only(graph, name, layer)
    return graph.model()


def integer_model(net: nn.Sequential, layers: dict[str, QuantisedLayer]) -> onnx.ModelProto:
    """QuantizeLinear, then QLinearConv, MaxPool, Flatten, QLinearMatMul on integers, then DequantizeLinear."""
    graph = GraphOfOne()
    scale, zero = graph.constant('pixel.scale', PIXEL), graph.constant('pixel.zero', np.uint8(0))
    graph.then('QuantizeLinear', 'pixels', scale, zero)
    for name, module in net.named_children():
        match module:
            case nn.Conv2d() | nn.Linear():
                layer = layers[name]
                weights = [
                    graph.constant(f'{name}.weights', layer.weights),
                    graph.constant(f'{name}.weights.scale', layer.weight_scale),
                    graph.constant(f'{name}.weights.zero', np.zeros_like(layer.weight_scale, np.int8)),
                ]
                output = [
                    graph.constant(f'{name}.scale', layer.output_scale),
                    graph.constant(f'{name}.zero', np.uint8(layer.output_zero)),
                ]
                if layer.bias is None:
                    graph.then('QLinearMatMul', name, scale, zero, *weights, *output)
                else:
                    bias = graph.constant(f'{name}.bias', layer.bias)
                    graph.then('QLinearConv', name, scale, zero, *weights, *output, bias, **window(module))
                scale, zero = output
            case nn.ReLU():
                pass  # the layer before saturates at its zero point
            case _:
                shape_only(graph, name, module)
    graph.then('DequantizeLinear', 'logits', scale, zero)
    return graph.model()
