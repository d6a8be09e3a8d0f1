import { cat, F, flatten, nn, type Tensor } from "flambeau";
import { wave } from "../runtime.ts";
import { BATCH, type Model, type Models } from "./model.ts";

const images = (make: () => nn.Module, channels: number, size: number): Model => ({
  make,
  inputs: (batch) => [wave([batch, channels, size, size])],
  axes: [BATCH],
});

/** Statistics of batch norms that are none of a fresh layer. */
export function settle(model: nn.Module): nn.Module {
  for (const [name, buffer] of model.namedBuffers()) {
    if (name.endsWith("runningMean")) buffer.copy_(wave([...buffer.shape], "float32", -0.5, 0.5));
    if (name.endsWith("runningVar")) buffer.copy_(wave([...buffer.shape], "float32", 0.5, 2));
  }
  return model;
}

class Digits extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 3, { padding: 1 });
  conv2 = new nn.Conv2d(8, 16, 3, { padding: 1 });
  dropout = new nn.Dropout(0.25);
  fc1 = new nn.Linear(16 * 2 * 2, 32);
  fc2 = new nn.Linear(32, 10);
  override forward(x: Tensor): Tensor {
    x = F.maxPool2d(F.relu(this.conv1(x)), 2);
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    x = flatten(this.dropout(x), 1);
    return this.fc2(F.relu(this.fc1(x)));
  }
}

class ResBlock extends nn.Module {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  down: nn.Module;
  constructor(from: number, to: number, stride: number) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    this.down = new nn.Sequential(
      new nn.Conv2d(from, to, 1, { stride, bias: false }),
      new nn.BatchNorm2d(to),
    );
  }
  override forward(x: Tensor): Tensor {
    let y = this.bn1(this.conv1(x)).relu_();
    y = this.bn2(this.conv2(y));
    y.add_(this.down(x) as Tensor);
    return F.relu(y, true);
  }
}

class MobileBlock extends nn.Module {
  layers: nn.Sequential;
  constructor(channels: number, wide: number) {
    super();
    this.layers = new nn.Sequential(
      new nn.Conv2d(channels, wide, 1, { bias: false }),
      new nn.BatchNorm2d(wide),
      new nn.ReLU6(true),
      new nn.Conv2d(wide, wide, 3, { padding: 1, groups: wide, bias: false }),
      new nn.BatchNorm2d(wide),
      new nn.Hardswish(),
      new nn.Conv2d(wide, channels, 1, { bias: false }),
      new nn.BatchNorm2d(channels),
    );
  }
  override forward(x: Tensor): Tensor {
    return x.add(this.layers(x));
  }
}

class SqueezeExcite extends nn.Module {
  pool = new nn.AdaptiveAvgPool2d(1);
  fc1 = new nn.Conv2d(8, 2, 1);
  fc2 = new nn.Conv2d(2, 8, 1);
  override forward(x: Tensor): Tensor {
    return x.mul(F.hardsigmoid(this.fc2(F.silu(this.fc1(this.pool(x))))));
  }
}

class UNet extends nn.Module {
  down1 = new nn.Sequential(new nn.Conv2d(2, 8, 3, { padding: 1 }), new nn.ReLU());
  down2 = new nn.Sequential(new nn.Conv2d(8, 16, 3, { padding: 1 }), new nn.ReLU());
  up = new nn.Sequential(new nn.Conv2d(24, 8, 3, { padding: 1 }), new nn.ReLU());
  last = new nn.Conv2d(8, 3, 1);
  override forward(x: Tensor): Tensor {
    const a = this.down1(x);
    const b = this.down2(F.maxPool2d(a, 2));
    const c = F.interpolate(b, { scaleFactor: 2, mode: "bilinear", alignCorners: false });
    return this.last(this.up(cat([a, c], 1)));
  }
}

class SuperResolution extends nn.Module {
  conv1 = new nn.Conv2d(1, 8, 5, { padding: 2 });
  conv2 = new nn.Conv2d(8, 4, 3, { padding: 1 });
  shuffle = new nn.PixelShuffle(2);
  override forward(x: Tensor): Tensor {
    return this.shuffle(this.conv2(F.tanh(this.conv1(x))));
  }
}

class VAE extends nn.Module {
  fc1 = new nn.Linear(64, 32);
  fc21 = new nn.Linear(32, 4);
  fc22 = new nn.Linear(32, 4);
  fc3 = new nn.Linear(4, 32);
  fc4 = new nn.Linear(32, 64);
  override forward(x: Tensor): [Tensor, Tensor, Tensor] {
    const h = F.relu(this.fc1(x.view([-1, 64])));
    const [mu, logvar] = [this.fc21(h), this.fc22(h)];
    const std = logvar.mul(0.5).exp();
    const z = this.training ? mu.add(std.mul(std.detach())) : mu;
    return [F.sigmoid(this.fc4(F.relu(this.fc3(z)))), mu, logvar];
  }
}

class Patches extends nn.Module {
  embed = new nn.Conv2d(3, 16, 4, { stride: 4 });
  cls = new nn.Parameter(wave([1, 1, 16]));
  encoder = new nn.TransformerEncoderLayer(16, 2, 32, { dropout: 0, batchFirst: true });
  head = new nn.Linear(16, 5);
  override forward(x: Tensor): Tensor {
    const tokens = this.embed(x).flatten(2).transpose(1, 2);
    const all = cat([this.cls.expand([x.shape[0], -1, -1]), tokens], 1);
    return this.head(this.encoder(all).at(":", 0));
  }
}

export const imageModels: Models = {
  "digits CNN": images(() => new Digits(), 1, 8),
  "CNN with batch norm": images(
    () =>
      settle(
        new nn.Sequential(
          new nn.Conv2d(3, 8, 3, { padding: 1 }),
          new nn.BatchNorm2d(8),
          new nn.ReLU(),
          new nn.AvgPool2d(2),
          new nn.Flatten(),
          new nn.Linear(128, 4),
          new nn.BatchNorm1d(4),
          new nn.LogSoftmax(1),
        ),
      ),
    3,
    8,
  ),
  "residual blocks": images(
    () => settle(new nn.Sequential(new ResBlock(3, 8, 1), new ResBlock(8, 16, 2))),
    3,
    8,
  ),
  "MobileNet block": images(
    () => settle(new nn.Sequential(new MobileBlock(4, 12), new MobileBlock(4, 8))),
    4,
    7,
  ),
  "squeeze and excite": images(() => new SqueezeExcite(), 8, 6),
  "U-Net": images(() => new UNet(), 2, 8),
  "super-resolution": images(() => new SuperResolution(), 1, 6),
  "DCGAN generator": {
    make: () =>
      settle(
        new nn.Sequential(
          new nn.ConvTranspose2d(6, 16, 4, 1, 0, { bias: false }),
          new nn.BatchNorm2d(16),
          new nn.ReLU(),
          new nn.ConvTranspose2d(16, 8, 4, 2, 1, { bias: false }),
          new nn.BatchNorm2d(8),
          new nn.ReLU(),
          new nn.ConvTranspose2d(8, 1, 4, 2, 1, { bias: false }),
          new nn.Tanh(),
        ),
      ),
    inputs: (batch) => [wave([batch, 6, 1, 1])],
    axes: [BATCH],
  },
  "DCGAN discriminator": images(
    () =>
      settle(
        new nn.Sequential(
          new nn.Conv2d(1, 8, 4, 2, 1, { bias: false }),
          new nn.LeakyReLU(0.2, true),
          new nn.Conv2d(8, 16, 4, 2, 1, { bias: false }),
          new nn.BatchNorm2d(16),
          new nn.LeakyReLU(0.2),
          new nn.Conv2d(16, 1, 4, 1, 0, { bias: false }),
          new nn.Sigmoid(),
        ),
      ),
    1,
    16,
  ),
  VAE: images(() => new VAE(), 1, 8),
  "group, instance and local response norms": images(
    () =>
      new nn.Sequential(
        new nn.GroupNorm(2, 4),
        new nn.InstanceNorm2d(4, { affine: true }),
        new nn.LocalResponseNorm(3),
        new nn.Conv2d(4, 4, 3),
        new nn.GroupNorm(1, 4),
      ),
    4,
    6,
  ),
  "vision transformer": images(() => new Patches(), 3, 8),
  "pools of all kinds": images(
    () =>
      new nn.Sequential(
        new nn.ReflectionPad2d(1),
        new nn.MaxPool2d(3, 2, 1),
        new nn.ReplicationPad2d([1, 0, 1, 0]),
        new nn.AvgPool2d(2, 1),
        new nn.ZeroPad2d(1),
        new nn.AdaptiveMaxPool2d(4),
        new nn.AdaptiveAvgPool2d([3, 2]),
      ),
    2,
    9,
  ),
};
