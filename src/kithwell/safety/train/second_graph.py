"""Draws the encoder as an ONNX graph without weights: they are put in where it is loaded (`second/encoder.py`).

`python -m kithwell.safety.train.second_graph` draws it again beside the weights there are.
"""

from __future__ import annotations

from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

from kithwell.safety.second.encoder import LAYERS, WIDTH

POOLS = (1, 3)
"""Before these layers neighbouring places are joined in pairs: half the work from there on."""
READ = (3, 4, 5)
"""Layers whose means over the text are the answer."""
HEADS = 12
_OURS = "com.microsoft"


def _constant(name: str, kind: int, shape: tuple[int, ...]) -> TensorProto:
    """A constant that lives outside of the file; its place is a promise that loading keeps."""
    out = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    row = out.external_data.add()
    row.key, row.value = "location", "given-at-loading"
    return out


def draw() -> ModelProto:
    """The whole graph: `x` [1, tokens, width] in, one mean a layer of `READ` out."""
    nodes: list[NodeProto] = []
    constants: list[TensorProto] = []

    def linear(given: str, name: str, size: tuple[int, int]) -> str:
        constants.append(_constant(f"{name}.q", TensorProto.INT8, size))
        constants.append(_constant(f"{name}.s", TensorProto.FLOAT, size[1:]))
        constants.append(_constant(f"{name}.bias", TensorProto.FLOAT, size[1:]))
        out = f"{name}.out"
        given_all = [given, f"{name}.q", f"{name}.s", "", f"{name}.bias"]
        nodes.append(helper.make_node("DynamicQuantizeMatMul", given_all, [out], domain=_OURS))
        return out

    def norm(new: str, old: str, name: str) -> str:
        # Two plain steps: the joined one (SkipLayerNormalization) takes seven times as long on the processor.
        constants.extend(
            _constant(f"{name}.{kind}", TensorProto.FLOAT, (WIDTH,)) for kind in ("weight", "bias")
        )
        nodes.append(helper.make_node("Add", [new, old], [f"{name}.sum"]))
        given = [f"{name}.sum", f"{name}.weight", f"{name}.bias"]
        nodes.append(helper.make_node("LayerNormalization", given, [f"{name}.out"], axis=-1, epsilon=1e-12))
        return f"{name}.out"

    def join(given: str, layer: int) -> str:
        turned, joined, back = f"{layer}.turned", f"{layer}.joined", f"{layer}.back"
        nodes.append(helper.make_node("Transpose", [given], [turned], perm=[0, 2, 1]))
        nodes.append(
            helper.make_node(
                "AveragePool",
                [turned],
                [joined],
                kernel_shape=[2],
                strides=[2],
                ceil_mode=1,
                count_include_pad=0,
            )
        )
        nodes.append(helper.make_node("Transpose", [joined], [back], perm=[0, 2, 1]))
        return back

    x = "x"
    outputs = []
    for layer in range(LAYERS):
        if layer in POOLS:
            x = join(x, layer)
        three = linear(x, f"{layer}.qkv", (WIDTH, 3 * WIDTH))
        parts = [f"{layer}.{part}" for part in ("query", "key", "value")]
        nodes.append(helper.make_node("Split", [three], parts, axis=-1, num_outputs=3))
        nodes.append(
            helper.make_node("MultiHeadAttention", parts, [f"{layer}.seen"], domain=_OURS, num_heads=HEADS)
        )
        x = norm(linear(f"{layer}.seen", f"{layer}.o", (WIDTH, WIDTH)), x, f"{layer}.n1")
        wide = linear(x, f"{layer}.f1", (WIDTH, 4 * WIDTH))
        nodes.append(helper.make_node("Gelu", [wide], [f"{layer}.wide"], domain=_OURS))
        x = norm(linear(f"{layer}.wide", f"{layer}.f2", (4 * WIDTH, WIDTH)), x, f"{layer}.n2")
        if layer in READ:
            nodes.append(helper.make_node("ReduceMean", [x, "axes"], [f"mean{layer}"], keepdims=0))
            outputs.append(helper.make_tensor_value_info(f"mean{layer}", TensorProto.FLOAT, [1, WIDTH]))
    constants.append(helper.make_tensor("axes", TensorProto.INT64, [1], [1]))
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "tokens", WIDTH])
    graph = helper.make_graph(nodes, "kithwell-second", [given], outputs, constants)
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_OURS, 1)],
        ir_version=9,
        producer_name="kithwell",
    )


def write(data: Path) -> None:
    (data / "encoder.onnx").write_bytes(draw().SerializeToString(deterministic=True))


if __name__ == "__main__":
    from kithwell.safety.second.opinion import DATA

    write(DATA)
