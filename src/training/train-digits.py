#!/usr/bin/env python3
"""Trains the digit recogniser that ships with the app and writes it to public/models, with its held-out accuracy.

    python3 src/training/train-digits.py [--steps N]
"""

import os
import sys

# Must come before numpy and torch load. One thread and one instruction set, so that sums are added up in the same order
# and the files have the same bytes on every x86-64 machine with AVX2.
os.environ.update(
    OMP_NUM_THREADS='1',
    OPENBLAS_NUM_THREADS='1',
    OPENBLAS_CORETYPE='Haswell',
    ATEN_CPU_CAPABILITY='avx2',
    DNNL_MAX_CPU_ISA='AVX2',
    NPY_DISABLE_CPU_FEATURES='AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL',
)
sys.dont_write_bytecode = True

import argparse
import base64
import hashlib
import json
import time
import warnings
import zlib
from pathlib import Path

warnings.filterwarnings('ignore', category=ImportWarning)  # numpy names the features above that a machine never had

import numpy as np
import onnx
import torch

from network import BATCH, logits, train
from onnx_files import float_model, integer_model
from quantise import integer_logits, quantise
from strokes import draw

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / 'public/models'
FIXTURE = ROOT / 'test/models/digits-holdout.json'

STEPS = 3000
TRAINING_SEED, CALIBRATION_SEED, HELD_OUT_SEED = 1, 2, 3
CALIBRATION_IMAGES = 2048
HELD_OUT_IMAGES = 5000
FIXTURE_IMAGES = 200
"""The first of the held-out images, which the tests run through the engine."""


def packed(values: np.ndarray) -> str:
    """Bytes, deflated, in base64."""
    return base64.b64encode(zlib.compress(values.tobytes(), 9)).decode()


def write_json(path: Path, record: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + '\n')


def main() -> None:
    parser = argparse.ArgumentParser(description='Trains the digit recogniser.')
    parser.add_argument('--steps', type=int, default=STEPS, help=f'other than {STEPS}: a quick look, writes nothing')
    steps = parser.parse_args().steps
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)

    start = time.monotonic()
    net = train(steps, TRAINING_SEED)
    layers = quantise(net, draw(CALIBRATION_IMAGES, np.random.default_rng(CALIBRATION_SEED))[0])
    seconds = time.monotonic() - start

    images, digits = draw(HELD_OUT_IMAGES, np.random.default_rng(HELD_OUT_SEED))
    int8_logits = integer_logits(net, layers, images)
    files, contents = {}, {}
    for name, model, answers in (
        ('digits-fp32.onnx', float_model(net), logits(net, images)),
        ('digits-int8.onnx', integer_model(net, layers), int8_logits),
    ):
        content = contents[name] = model.SerializeToString(deterministic=True)
        accuracy = float(np.mean(answers.argmax(1) == digits))
        digest = hashlib.sha256(content).hexdigest()
        files[name] = {'accuracy': round(accuracy, 4), 'bytes': len(content), 'sha256': digest}
        print(f'{name}: {accuracy:.2%} of {HELD_OUT_IMAGES} held-out images, {len(content)} bytes')
    print(f'trained and calibrated in {seconds:.0f} s')
    if steps != STEPS:
        return

    MODELS.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (MODELS / name).write_bytes(content)
    write_json(
        MODELS / 'digits.json',
        {
            'files': files,
            'heldOut': {'samples': HELD_OUT_IMAGES, 'seed': HELD_OUT_SEED},
            'calibration': {'samples': CALIBRATION_IMAGES, 'seed': CALIBRATION_SEED},
            'training': {'steps': steps, 'batch': BATCH, 'seed': TRAINING_SEED},
            'versions': {module.__name__: module.__version__ for module in (torch, onnx, np)},
        },
    )
    first = slice(FIXTURE_IMAGES)
    write_json(
        FIXTURE,
        {
            'labels': ''.join(map(str, digits[first])),
            'images': packed(np.round(images[first] * 255).astype(np.uint8)),
            'int8Logits': packed(int8_logits[first]),
        },
    )


if __name__ == '__main__':
    main()
