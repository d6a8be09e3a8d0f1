/** The programs of tools/fixtures/autograd.py, under the same names: what they give is compared with PyTorch's. */
import { enableGrad, grad, noGrad } from "@flambeau/autograd";
import { arange, div, linear, ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import { functionPrograms } from "./function-programs.ts";
import { leaf, plain } from "./support.ts";

const range = (n: number, shape: number[]): Tensor => arange(n, { dtype: "float64" }).reshape(shape);
const zeros64 = (shape: number[]): Tensor => zeros(shape, { dtype: "float64" });
const ones64 = (shape: number[]): Tensor => ones(shape, { dtype: "float64" });

export const programs: Readonly<Record<string, () => unknown[] | undefined>> = {
  accumulates() {
    const x = leaf([1, 2, 3]);
    x.mul(x).sum().backward();
    const first = x.grad!.clone();
    x.mul(2).sum().backward();
    return [first, x.grad];
  },
  iterates_over_rows() {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { dtype: "float64", requiresGrad: true },
    );
    const [a, , c] = x;
    for (const row of x.mul(2)) row.mul(row).sum().backward({ retainGraph: true });
    a.mul(c).sum().backward();
    return [x.grad, a];
  },
  iterates_over_a_scalar_fails() {
    void [...leaf(1).sum()];
    return undefined;
  },
  backward_into_inputs() {
    const [x, z] = [leaf([1, 2]), leaf([3, 4])];
    const y = x.mul(z);
    y.mul(z)
      .sum()
      .backward({ inputs: [z, y] });
    x.mul(z).sum().backward({ inputs: x });
    return [x.grad, y.grad, z.grad];
  },
  backward_into_no_inputs_fails() {
    leaf(1).sum().backward({ inputs: [] });
    return undefined;
  },
  frozen_after_use() {
    const [x, w] = [leaf([1, 2]), leaf([3, 4])];
    const y = x.mul(w).sum();
    x.requiresGrad_(false);
    y.backward();
    return [x.grad === null, w.grad];
  },
  detached_in_place() {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const z = y.mul(3);
    y.detach_();
    z.sum().backward();
    return [y.requiresGrad, y.isLeaf, x.grad];
  },
  recorded_view_detached_in_place_fails() {
    leaf([1, 2]).mul(2).at(":1").detach_();
    return undefined;
  },
  view_from_no_grad_written_outside_fails() {
    const y = leaf([1, 2]).mul(2);
    const v = noGrad(() => y.at(":1"));
    v.mul_(3);
    return undefined;
  },
  view_from_before_a_leaf_written_fails() {
    const x = ones64([2]);
    const v = x.at(":1");
    x.requiresGrad_();
    v.mul_(3);
    return undefined;
  },
  compares_in_place() {
    const x = leaf([1, 2, 3]);
    const y = x.mul(2);
    y.at(":2").eq_(2);
    const z = x.mul(3);
    z.gt_(4).logicalNot_();
    y.mul(y).sum().backward();
    z.sum().backward();
    return [x.grad, y, z];
  },
  rounds_to_digits() {
    const x = leaf([1.25, -2.345]);
    const y = x.round({ decimals: 1 }).add(x.mul(3));
    y.sum().backward();
    return [x.grad, y];
  },
  gradients_of_unused() {
    const [x, y] = [leaf([1, 2]), leaf([3])];
    const [gx, gy] = grad(x.sum(), [x, y], { allowUnused: true });
    return [gx, gy];
  },
  gradients_of_unused_fails() {
    const [x, y] = [leaf([1, 2]), leaf([3])];
    grad(x.sum(), [x, y]);
    return undefined;
  },
  second_backward_fails() {
    const x = leaf([1, 2]);
    const y = x.mul(x).sum();
    y.backward();
    y.backward();
    return undefined;
  },
  second_backward_without_saved_tensors() {
    const x = leaf([1, 2]);
    const y = x.add(1).sum();
    y.backward();
    y.backward();
    return [x.grad];
  },
  retain_graph() {
    const x = leaf([1, 2]);
    const y = x.mul(x).sum();
    y.backward(undefined, { retainGraph: true });
    y.backward();
    return [x.grad];
  },
  create_graph_twice() {
    const x = leaf([1, 2]);
    x.pow(3).sum().backward(undefined, { createGraph: true });
    const first = x.grad!;
    first.sum().backward();
    return [x.grad, first.requiresGrad];
  },
  third_derivative() {
    const x = leaf([1, 2]);
    let g = x.pow(4);
    for (let i = 0; i < 3; i++) [g] = grad(g.sum(), x, { createGraph: true });
    return [g];
  },
  gradient_penalty() {
    const [x, w] = [leaf([1, 2]), leaf([0.5, -1])];
    const y = x.mul(w).tanh().sum();
    const [g] = grad(y, x, { createGraph: true });
    g.pow(2).sum().add(y).backward();
    return [x.grad, w.grad];
  },
  non_scalar_fails() {
    leaf([1, 2]).mul(2).backward();
    return undefined;
  },
  one_element_is_scalar() {
    const x = leaf([[3]]);
    x.mul(x).backward();
    return [x.grad];
  },
  no_graph_fails() {
    ones64([1]).backward();
    return undefined;
  },
  leaf_backward() {
    const x = leaf(3);
    x.backward();
    x.backward(plain(2));
    return [x.grad];
  },
  wrong_gradient_shape_fails() {
    leaf([1, 2])
      .mul(2)
      .backward(ones64([3]));
    return undefined;
  },
  gradient_of_other_dtype() {
    const x = leaf([1, 2]);
    x.mul(2).backward(ones([2]));
    return [x.grad];
  },

  grad_leaves_grad_alone() {
    const x = leaf([1, 2]);
    const [g] = grad(x.mul(x).sum(), x);
    return [g, x.grad === null];
  },
  grad_unused_fails() {
    const [x, y] = [leaf(1), leaf(2)];
    grad(x.mul(2), [x, y]);
    return undefined;
  },
  grad_of_several_outputs() {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    return grad([y, y.exp().sum(), y], x, { gradOutputs: [plain([1, 2]), undefined, plain([1, 0])] });
  },
  grad_by_non_leaf() {
    const x = leaf([1, 2]);
    const h = x.mul(x);
    const y = h.mul(h).sum();
    const [g] = grad(y, h, { retainGraph: true });
    h.sum().backward();
    return [g, x.grad];
  },
  grad_by_non_leaf_keeps_its_graph() {
    const x = leaf([1, 2]);
    const h = x.mul(x);
    const [g] = grad(h.mul(h).sum(), h);
    h.sum().backward();
    return [g, x.grad];
  },
  grad_by_leaf_and_non_leaf() {
    const x = leaf([1, 2]);
    const h = x.mul(x);
    return grad(h.mul(h).add(x).sum(), [x, h]);
  },
  grad_by_itself() {
    const y = leaf(2).mul(2);
    return grad(y, y);
  },
  grad_of_no_graph_fails() {
    grad(ones64([1]), leaf(1));
    return undefined;
  },

  detach_cuts() {
    const x = leaf([1, 2]);
    x.mul(x.detach()).sum().backward();
    return [x.grad, x.detach().requiresGrad];
  },
  no_grad_nested() {
    const x = leaf(1);
    const out: boolean[] = [];
    noGrad(() => {
      out.push(x.mul(2).requiresGrad);
      enableGrad(() => out.push(x.mul(2).requiresGrad));
      out.push(x.mul(2).requiresGrad);
    });
    return [...out, x.mul(2).requiresGrad];
  },
  requires_grad_of_integers_fails() {
    tensor([1n, 1n]).requiresGrad_();
    return undefined;
  },
  requires_grad_off_for_non_leaf_fails() {
    leaf(1).mul(2).requiresGrad_(false);
    return undefined;
  },
  flags() {
    const x = leaf(1);
    const y = x.mul(2);
    const z = noGrad(() => x.mul(2));
    return [
      x.isLeaf,
      y.isLeaf,
      z.isLeaf,
      x.requiresGrad,
      y.requiresGrad,
      z.requiresGrad,
      y.gt(0).requiresGrad,
      y.argmax().requiresGrad,
    ];
  },

  diamond() {
    const x = leaf([1, 2]);
    const a = x.mul(2);
    a.exp().mul(a.sin()).add(a).sum().backward();
    return [x.grad];
  },
  shared_subexpression() {
    const x = leaf([0.5, 2]);
    const s = x.mul(x);
    s.mul(s).add(s.mul(x)).add(s.sum()).sum().backward();
    return [x.grad];
  },
  same_tensor_twice() {
    const x = leaf([0.5, 2]);
    x.add(x).mul(x).div(x).sum().backward();
    return [x.grad];
  },
  broadcast_inputs() {
    const [x, y, z] = [leaf([[1], [2]]), leaf([3, 4, 5]), leaf(2)];
    x.mul(y).add(z.mul(x)).sum().backward();
    return [x.grad, y.grad, z.grad];
  },
  expanded_input() {
    const x = leaf([[1], [2]]);
    x.expand([2, 3])
      .mul(range(6, [2, 3]))
      .sum()
      .backward();
    return [x.grad];
  },
  depth() {
    const x = leaf(1);
    let y = x;
    for (let i = 0; i < 10000; i++) y = y.mul(1.0001);
    y.backward();
    return [x.grad];
  },

  hooks_in_order() {
    const seen: Tensor[] = [];
    const x = leaf([1, 2]);
    const h = x.mul(3);
    h.registerHook((g) => {
      seen.push(g.clone());
      return g.mul(2);
    });
    h.registerHook((g) => {
      seen.push(g.clone());
    });
    x.registerHook((g) => {
      seen.push(g.clone());
      return g.add(1);
    });
    h.mul(h).sum().backward();
    return [...seen, x.grad];
  },
  hook_removed() {
    const x = leaf([1, 2]);
    const remove = x.registerHook((g) => g.mul(10));
    x.mul(2).sum().backward();
    remove();
    x.mul(2).sum().backward();
    return [x.grad];
  },
  hook_on_leaf_sees_the_sum() {
    const seen: Tensor[] = [];
    const x = leaf(1);
    x.registerHook((g) => {
      seen.push(g.clone());
    });
    x.mul(2).add(x.mul(3)).backward();
    return [...seen, seen.length];
  },
  hook_of_wrong_shape_fails() {
    const h = leaf([1, 2]).mul(3);
    h.registerHook(() => ones64([3]));
    h.sum().backward();
    return undefined;
  },
  hook_without_grad_fails() {
    ones64([2]).registerHook((g) => g);
    return undefined;
  },
  retain_grad() {
    const x = leaf([1, 2]);
    const h = x.mul(3);
    h.retainGrad();
    h.retainGrad();
    h.mul(h).sum().backward(undefined, { retainGraph: true });
    const first = h.grad!.clone();
    h.mul(h).sum().backward();
    return [first, h.grad, x.grad];
  },
  retain_grad_on_no_grad_fails() {
    ones64([2]).retainGrad();
    return undefined;
  },

  add_in_place() {
    const x = leaf([1, 2]);
    const y = x.mul(3);
    y.add_(x);
    y.mul(y).sum().backward();
    return [x.grad];
  },
  mul_in_place_by_tracked() {
    const [x, w] = [leaf([1, 2]), leaf([3, 4])];
    const y = x.mul(1);
    y.mul_(w);
    y.sum().backward();
    return [x.grad, w.grad];
  },
  log_in_place() {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    y.log_();
    y.sum().backward();
    return [x.grad];
  },
  pow_in_place() {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    y.pow_(3).sin_();
    y.sum().backward();
    return [x.grad];
  },
  in_place_twice_differentiable() {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    y.pow_(3);
    const [g] = grad(y.sum(), x, { createGraph: true });
    return [g, ...grad(g.sum(), x)];
  },
  copy_in_place() {
    const [x, w] = [
      leaf([1, 2]),
      leaf([
        [3, 4],
        [5, 6],
      ]),
    ];
    const y = w.mul(2);
    y.copy_(x);
    y.mul(y).sum().backward();
    return [x.grad, w.grad];
  },
  fill_and_zero() {
    const x = leaf([1, 2]);
    const [y, z] = [x.mul(2), x.mul(3)];
    y.fill_(5);
    z.zero_();
    y.mul(x).add(z.mul(x)).sum().backward();
    return [x.grad];
  },
  plain_tensor_becomes_tracked() {
    const x = leaf([1, 2]);
    const y = zeros64([2]);
    y.add_(x);
    const out = [y.requiresGrad, y.isLeaf];
    y.mul(y).sum().backward();
    return [...out, x.grad];
  },
  overwritten_output_fails() {
    const y = leaf([1, 2]).exp();
    y.add_(1);
    y.sum().backward();
    return undefined;
  },
  overwritten_output_that_is_not_saved() {
    const x = leaf([1, 2]);
    const y = x.add(1);
    y.mul_(2);
    y.sum().backward();
    return [x.grad];
  },
  overwritten_quotient() {
    const [x, b] = [leaf([1, 2]), leaf([4, 8])];
    const y = x.div(b);
    y.mul_(2);
    const z = div(3, b);
    z.mul_(2);
    y.add(z).sum().backward();
    return [x.grad, b.grad];
  },
  overwritten_dividend_fails() {
    const [x, b] = [leaf([1, 2]), leaf([4, 8])];
    const h = x.mul(1);
    const y = h.div(b);
    h.add_(1);
    y.sum().backward();
  },
  overwritten_input_of_frozen_weights() {
    const x = leaf([1, 2]);
    const h = x.mul(2).reshape([1, 2]);
    const y = linear(h, plain([[3, 4]]), leaf([1]));
    h.add_(y);
    h.mul(y).sum().backward();
    return [x.grad];
  },
  overwritten_input_fails() {
    const h = leaf([1, 2]).mul(2);
    const y = h.sin();
    h.add_(1);
    y.sum().backward();
    return undefined;
  },
  overwritten_input_that_is_not_saved() {
    const x = leaf([1, 2]);
    const h = x.mul(2);
    const y = h.add(1);
    h.add_(1);
    y.add(h).sum().backward();
    return [x.grad];
  },
  overwritten_factor_of_an_untracked_one() {
    const [x, c] = [leaf([1, 2]), plain([3, 4])];
    const h = x.mul(2);
    const y = h.mul(c);
    h.zero_();
    y.sum().backward();
    return [x.grad];
  },
  overwritten_untracked_factor_fails() {
    const [x, c] = [leaf([1, 2]), plain([3, 4])];
    const y = x.mul(c);
    c.zero_();
    y.sum().backward();
    return undefined;
  },
  overwritten_inside_no_grad_fails() {
    const x = leaf([1, 2]);
    const y = x.mul(x).sum();
    noGrad(() => x.add_(1));
    y.backward();
    return undefined;
  },
  overwritten_through_detach_fails() {
    const h = leaf([1, 2]).mul(2);
    const y = h.mul(h).sum();
    h.detach().zero_();
    y.backward();
    return undefined;
  },
  overwritten_through_view_fails() {
    const h = leaf([1, 2]).mul(2);
    const y = h.mul(h).sum();
    h.set([0], 1);
    y.backward();
    return undefined;
  },
  leaf_in_place_fails() {
    leaf([1, 2]).add_(1);
    return undefined;
  },
  view_of_leaf_in_place_fails() {
    leaf([1, 2]).at(0).add_(1);
    return undefined;
  },
  leaf_set_fails() {
    leaf([1, 2]).set([0], 5);
    return undefined;
  },
  leaf_in_place_inside_no_grad() {
    const x = leaf([1, 2]);
    noGrad(() => {
      x.add_(1);
      x.set([0], 7);
    });
    x.mul(x).sum().backward();
    return [x, x.grad, x.isLeaf];
  },
  no_grad_view_of_leaf_in_place_fails() {
    const [x, w] = [leaf([1, 2]), leaf(3)];
    const v = noGrad(() => x.at(0));
    v.add_(w);
    return undefined;
  },
  set_through_view() {
    const [x, w] = [leaf([1, 2, 3]), leaf(4)];
    const y = x.mul(2);
    y.set([1], w.mul(w));
    y.mul(plain([1, 10, 100]))
      .sum()
      .backward();
    return [y, x.grad, w.grad];
  },
  views_of_views() {
    const x = leaf([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const y = x.mul(2);
    const v = y.at(1).at("1:");
    v.mul_(10);
    const w = y.t().at(2);
    w.add_(v.at(0));
    y.mul(range(6, [2, 3]))
      .sum()
      .backward();
    return [y, x.grad];
  },
  base_written_then_view_used() {
    const x = leaf([1, 2, 3]);
    const y = x.mul(2);
    const v = y.at("1:");
    y.mul_(3);
    v.mul(plain([1, 10]))
      .sum()
      .backward();
    return [v, x.grad];
  },
  view_written_then_base_used() {
    const x = leaf([1, 2, 3]);
    const y = x.mul(2);
    const v = y.at("1:");
    v.mul_(3);
    y.mul(plain([1, 10, 100]))
      .sum()
      .backward();
    return [y, x.grad];
  },
  several_views() {
    const x = leaf([1, 2, 3, 4]);
    const y = x.mul(2);
    const [a, b, c] = [y.at(":2"), y.at("1:3"), y.at("2:")];
    a.mul_(3);
    b.add_(x.at(0));
    a.sum().mul(2).add(b.mul(b).sum()).add(c.prod()).backward();
    return [a, b, c, x.grad];
  },
  overlapping_views_added() {
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    const [a, b] = [y.at(":2"), y.at("1:")];
    a.add_(b);
    b.sum().backward();
    return [y, b, x.grad];
  },
  base_added_its_view() {
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    const v = y.at(":1");
    y.add_(v);
    v.mul(5).sum().backward();
    return [y, x.grad];
  },
  view_of_plain_base_before_it_was_tracked() {
    const x = leaf([1, 2]);
    const y = zeros64([3]);
    const v = y.at(":2");
    y.set([":1"], x.at("1:"));
    v.mul(plain([2, 3]))
      .sum()
      .backward();
    return [v, v.requiresGrad, x.grad];
  },
  transposed_base() {
    const x = leaf([1, 2]);
    const y = zeros64([2, 3]).t().detach();
    y.at(0).copy_(x);
    y.mul(range(6, [3, 2]))
      .sum()
      .backward();
    return [y, x.grad];
  },
  index_put() {
    const [x, w] = [leaf([1, 2, 3]), leaf([4, 5])];
    const y = x.mul(2);
    y.set([[2, 0]], w);
    y.set([y.gt(8)], 1);
    y.mul(plain([1, 10, 100]))
      .sum()
      .backward();
    return [y, x.grad, w.grad];
  },
  relu_in_place() {
    const x = leaf([-1, 0, 2]);
    const y = x.mul(3);
    y.relu_();
    y.sum().backward();
    return [x.grad];
  },
  chain_of_in_place() {
    const x = leaf([0.5, 2]);
    const y = x.mul(1);
    y.add_(1).mul_(2).sub_(x).div_(4).neg_();
    y.mul(y).sum().backward();
    return [y, x.grad];
  },
  ...functionPrograms,
};
