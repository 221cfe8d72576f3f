"""The digit recogniser and how it learns."""

from collections import OrderedDict

import numpy as np
import torch
from torch import nn

from strokes import draw

BATCH = 128
"""Images of one step; none is ever seen twice."""

PEAK_RATE = 8e-3
"""Adam's rate at the top of its one cycle: of 2, 4 and 8 thousandths the one that learnt most in 350 steps."""


def network() -> nn.Sequential:
    """Images [n, 1, 28, 28] to logits [n, 10].

    Channels come in multiples of 4, which the GPU kernels take in one load. The dense layers have no bias, since
    QLinearMatMul has none.
    """
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 16, 5, padding=2),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(16, 32, 3, padding=1),
            relu2=nn.ReLU(),
            conv3=nn.Conv2d(32, 32, 3, padding=1),
            relu3=nn.ReLU(),
            pool3=nn.MaxPool2d(2),
            flat=nn.Flatten(),
            dense4=nn.Linear(32 * 7 * 7, 64, bias=False),
            relu4=nn.ReLU(),
            dense5=nn.Linear(64, 10, bias=False),
        )
    )


def train(steps: int, seed: int) -> nn.Sequential:
    """A network trained for so many steps on fresh strokes; the same for the same arguments."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = network()
    optimiser = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=steps)
    for step in range(1, steps + 1):
        images, digits = map(torch.from_numpy, draw(BATCH, rng))
        loss = nn.functional.cross_entropy(net(images), digits)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            print(f'step {step} of {steps}: loss {loss.item():.4f}', flush=True)
    return net.eval()


@torch.no_grad()
def logits(net: nn.Sequential, images: np.ndarray) -> np.ndarray:
    """Float32 [n, 10]."""
    return net(torch.from_numpy(images)).numpy()
