# pyright: basic, reportMissingImports=false
# torch and onnx are only there where something is learned, and bring hardly any types.
"""The branch of the model: its last layers once more, with what is learned added to each matrix.

What is added is the product of two narrow matrices (low-rank adaptation: Hu and others, 2021), so a
branch is small, and begins as the layers it was taken from. Here it is in torch, to be learned, and
as the piece of a model file that `assistant.understanding.embedding` puts behind the model's own.
Law: weights in, states or bytes out; nothing is learned here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor
from torch.nn import functional

from assistant.understanding.embedding import BRANCHED, PLAIN, SIZE, WANTED, embedded_model

LAYERS, OWN_LAYERS = 6, 3
"""The model's, and how many of the last are learned anew."""
RANK = 32
"""Of what is added to a matrix."""
HEADS, EPSILON = 12, 1e-12
"""Of the model: heads of attention, and what its norms add to what they divide by."""
MATRICES = ("query", "key", "value", "attended", "inner", "outer")
"""Of a layer, in the order of the model's file."""
_BIASES = (
    "attention.self.query.bias", "attention.self.key.bias", "attention.self.value.bias",
    "attention.output.dense.bias", "intermediate.dense.bias", "output.dense.bias",
)  # fmt: skip
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")
_EMBEDDINGS = "inner.embeddings"

HALF_WAY = "half_way"
"""What comes in place of the branch where nobody wants it."""

Added = Mapping[str, Tensor]
"""`layer.matrix.a` and `.b`: the two narrow matrices."""


@dataclass(frozen=True)
class Model:
    """The model as its file has it, in 32 bits."""

    proto: onnx.ModelProto
    _wholes: dict[str, Tensor] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> dict[str, Tensor]:
        """Every constant of the file by its name."""
        return {
            each.name: torch.tensor(numpy_helper.to_array(each).copy())
            for each in self.proto.graph.initializer
        }

    def whole(self, name: str) -> Tensor:
        """Return a matrix that is kept in 8 bits."""
        if name not in self._wholes:
            numbers, scale = self.numbers[f"{name}_q"], self.numbers[f"{name}_scale"]
            self._wholes[name] = numbers.float() * scale
        return self._wholes[name]

    @cached_property
    def matrices(self) -> list[str]:
        """The names of the matrices of all layers, in order."""
        found = [
            name[:-2] for name in self.numbers if name.startswith("val_") and name[-2:] == "_q"
        ]
        return sorted(found, key=lambda name: int(name[4:]))

    def half_way(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Return what enters the branch, shape (texts, tokens, 384).

        The texts are numbers of tokens, as many of each.
        """
        words = self.whole(f"{_EMBEDDINGS}.word_embeddings.weight")
        places = self.whole(f"{_EMBEDDINGS}.position_embeddings.weight")
        kind = self.numbers[f"{_EMBEDDINGS}.token_type_embeddings.weight"][0]
        numbers = torch.tensor(texts)
        states = words[numbers] + places[: numbers.shape[1]] + kind
        states = self._normed(states, f"{_EMBEDDINGS}.LayerNorm")
        for layer in range(LAYERS - OWN_LAYERS):
            states = self.layer(layer, states, None, {})
        return states

    def layer(
        self, layer: int, states: Tensor, seen: Tensor | None, added: Added, drop: float = 0.0
    ) -> Tensor:
        """Return what a layer makes of states, shape (texts, tokens, 384).

        `seen` is false where a text has no more tokens; None where all have the same number.
        """
        name = f"inner.encoder.layer.{layer}"
        names = self.matrices[layer * len(MATRICES) : (layer + 1) * len(MATRICES)]

        def through(rows: Tensor, matrix: str) -> Tensor:
            at = MATRICES.index(matrix)
            plain = rows @ self.whole(names[at]) + self.numbers[f"{name}.{_BIASES[at]}"]
            narrow = added.get(f"{layer}.{matrix}.a")
            return (
                plain if narrow is None else plain + (rows @ narrow) @ added[f"{layer}.{matrix}.b"]
            )

        def by_head(rows: Tensor) -> Tensor:
            return rows.unflatten(-1, (HEADS, SIZE // HEADS)).transpose(1, 2)

        mask = None if seen is None else seen[:, None, None, :]
        query, key, value = (by_head(through(states, each)) for each in MATRICES[:3])
        heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        heard = through(heard.transpose(1, 2).flatten(2), "attended")
        states = self._normed(states + functional.dropout(heard, drop), f"{name}.{_NORMS[0]}")
        made = through(functional.gelu(through(states, "inner")), "outer")
        return self._normed(states + functional.dropout(made, drop), f"{name}.{_NORMS[1]}")

    def _normed(self, rows: Tensor, name: str) -> Tensor:
        weight, bias = self.numbers[f"{name}.weight"], self.numbers[f"{name}.bias"]
        return functional.layer_norm(rows, (SIZE,), weight, bias, EPSILON)


def open_model() -> Model:
    """Read the model that the extra `embedded` brings."""
    return Model(onnx.load(str(embedded_model())))


def nothing_added(model: Model) -> dict[str, Tensor]:
    """Return what adds nothing yet: the first of each two by chance, the second naught."""
    found: dict[str, Tensor] = {}
    for layer in range(LAYERS - OWN_LAYERS, LAYERS):
        for at, matrix in enumerate(MATRICES):
            high, wide = model.whole(model.matrices[layer * len(MATRICES) + at]).shape
            found[f"{layer}.{matrix}.a"] = torch.randn(high, RANK) / math.sqrt(high)
            found[f"{layer}.{matrix}.b"] = torch.zeros(RANK, wide)
    return found


def file_of(model: Model, added: Added) -> bytes:
    """Return the piece of a model file that adds the branch; 16 bits a number."""
    nodes = list(model.proto.graph.node)
    norms = [at for at, node in enumerate(nodes) if node.op_type == "LayerNormalization"]
    # One of what is embedded, then two for each layer.
    own = nodes[norms[2 * (LAYERS - OWN_LAYERS)] + 1 :]
    names = {made: f"{BRANCHED}/{made}" for node in own for made in node.output}
    names[PLAIN] = f"{BRANCHED}/states"
    graph = onnx.GraphProto()
    for layer in range(LAYERS - OWN_LAYERS, LAYERS):
        for at, matrix in enumerate(MATRICES):
            name = model.matrices[layer * len(MATRICES) + at]
            new = names[name] = f"{BRANCHED}/{name}"
            narrow = [added[f"{layer}.{matrix}.{part}"].detach().half().numpy() for part in "ab"]
            graph.initializer.extend(
                numpy_helper.from_array(each, f"{new}/{part}")
                for part, each in zip("ab", narrow, strict=True)
            )
            # Worked out once, when the model is loaded.
            graph.node.extend(
                helper.make_node(
                    "Cast", [f"{new}/{part}"], [f"{new}/{part}32"], to=TensorProto.FLOAT
                )
                for part in "ab"
            )
            graph.node.append(
                helper.make_node("MatMul", [f"{new}/a32", f"{new}/b32"], [f"{new}/ab"])
            )
            graph.node.append(helper.make_node("Add", [name, f"{new}/ab"], [new]))
    own_state = nodes[norms[2 * (LAYERS - OWN_LAYERS)]].output[0]
    wanted = helper.make_graph(
        [_renamed(node, names) for node in own], "branch", [], [_value(names[PLAIN])]
    )
    unwanted = helper.make_graph(
        [helper.make_node("Identity", [own_state], [HALF_WAY])], "none", [], [_value(HALF_WAY)]
    )
    # Else it would be worked out for every text, whoever asks.
    graph.node.append(
        helper.make_node("If", [WANTED], [BRANCHED], then_branch=wanted, else_branch=unwanted)
    )
    graph.input.append(helper.make_tensor_value_info(WANTED, TensorProto.BOOL, []))
    graph.output.append(_value(BRANCHED))
    return onnx.ModelProto(graph=graph).SerializeToString(deterministic=True)


def _value(name: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, None)


def _renamed(node: onnx.NodeProto, names: Mapping[str, str]) -> onnx.NodeProto:
    return onnx.NodeProto(
        op_type=node.op_type,
        domain=node.domain,
        input=[names.get(name, name) for name in node.input],
        output=[names[name] for name in node.output],
        attribute=node.attribute,
    )
