import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

karate = json.loads((pathlib.Path(__file__).parent / "karate.json").read_text())


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.empty(out_features))
        stdv = 1 / out_features**0.5
        nn.init.uniform_(self.weight, -stdv, stdv)
        nn.init.uniform_(self.bias, -stdv, stdv)

    def forward(self, x, edge_index, norm):
        row, col = edge_index
        support = x @ self.weight
        messages = support[row] * norm.unsqueeze(1)
        return torch.zeros_like(support).index_add(0, col, messages) + self.bias


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass, dropout):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)
        self.dropout = dropout

    def forward(self, x, edge_index, norm):
        x = F.relu(self.gc1(x, edge_index, norm))
        x = F.dropout(x, self.dropout, training=self.training)
        return self.gc2(x, edge_index, norm)


def gcn_norm(edge_index, num_nodes):
    """The edges with a loop at each node, and the weight of each: D^-1/2 (A + I) D^-1/2."""
    loops = torch.arange(num_nodes).expand(2, -1)
    edge_index = torch.cat([edge_index, edge_index.flip(0), loops], dim=1)
    row, col = edge_index
    deg = torch.zeros(num_nodes).index_add(0, col, torch.ones(len(col)))
    deg_inv_sqrt = deg.pow(-0.5)
    return edge_index, deg_inv_sqrt[row] * deg_inv_sqrt[col]


def main(run):
    torch.manual_seed(42)
    labels = torch.tensor(karate["club"]).to(run.device)
    n = len(labels)
    edge_index, norm = (t.to(run.device) for t in gcn_norm(torch.tensor(karate["edges"]).t(), n))
    features = torch.eye(n, device=run.device)
    train = torch.tensor([0, 33], device=run.device)

    model = GCN(n, 16, 2, dropout=0.5).to(run.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)

    for _ in range(run.length(200)):
        model.train()
        optimizer.zero_grad()
        output = model(features, edge_index, norm)
        loss = F.cross_entropy(output[train], labels[train])
        loss.backward()
        optimizer.step()
        run.loss(loss)

    model.eval()
    with torch.no_grad():
        output = model(features, edge_index, norm).cpu()
    truth = labels.cpu()
    predicted = output.argmax(1)
    correct = predicted.eq(truth).sum().item()
    run.print(f"{len(train)} labels given, {correct}/{n} members in the right club ({100 * correct / n:.1f}%)")
    run.print(f"wrong: {predicted.ne(truth).nonzero().view(-1).tolist()}")
