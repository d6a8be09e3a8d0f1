/**
 * The chapter's networks, under the chapter's names: a module's text begins with the name of its class.
 *
 * @module
 */
import { nn, type Tensor } from "flambeau";

/** One linear layer: w X + b. */
export class linearRegression extends nn.Module {
  linear: nn.Linear;

  constructor(inputSize: number, outputSize: number) {
    super();
    this.linear = new nn.Linear(inputSize, outputSize);
  }

  override forward(x: Tensor): Tensor {
    return this.linear(x);
  }
}

/** One hidden layer with a sigmoid, each layer a field of its own. */
export class nonlinRegressionByFields extends nn.Module {
  hidden: nn.Linear;
  output: nn.Linear;
  sigmoid: nn.Sigmoid;

  constructor(inputSize: number, hiddenSize: number, outputSize: number) {
    super();
    this.hidden = new nn.Linear(inputSize, hiddenSize);
    this.output = new nn.Linear(hiddenSize, outputSize);
    this.sigmoid = new nn.Sigmoid();
  }

  override forward(x: Tensor): Tensor {
    x = this.hidden(x); // input to hidden layer
    x = this.sigmoid(x); // its activation
    return this.output(x); // hidden layer to output
  }
}

/** The same network, its layers in a Sequential. */
export class nonlinRegression extends nn.Module {
  main: nn.Sequential;

  constructor(inputSize: number, hiddenSize: number, outputSize: number) {
    super();
    this.main = new nn.Sequential(
      new nn.Linear(inputSize, hiddenSize),
      new nn.Sigmoid(),
      new nn.Linear(hiddenSize, outputSize),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}

/** Two hidden layers. */
export class deepRegression extends nn.Module {
  main: nn.Sequential;

  constructor(inputSize: number, hiddenSize1: number, hiddenSize2: number, outputSize: number) {
    super();
    this.main = new nn.Sequential(
      new nn.Linear(inputSize, hiddenSize1),
      new nn.Sigmoid(),
      new nn.Linear(hiddenSize1, hiddenSize2),
      new nn.Sigmoid(),
      new nn.Linear(hiddenSize2, outputSize),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}

/** Two classes, as a probability: for BCELoss. */
export class binaryClassifierWithSigmoid extends nn.Module {
  main: nn.Sequential;

  constructor(inputSize: number, hiddenSize: number, outputSize: number) {
    super();
    this.main = new nn.Sequential(
      new nn.Linear(inputSize, hiddenSize),
      new nn.ReLU(),
      new nn.Linear(hiddenSize, outputSize),
      new nn.Sigmoid(), // squeezes the output between 0 and 1
    );
  }

  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}

/** Two classes, as a logit: the sigmoid is part of BCEWithLogitsLoss, which computes both together more exactly. */
export class binaryClassifier extends nn.Module {
  main: nn.Sequential;

  constructor(inputSize: number, hiddenSize: number, outputSize: number) {
    super();
    this.main = new nn.Sequential(
      new nn.Linear(inputSize, hiddenSize),
      new nn.ReLU(),
      new nn.Linear(hiddenSize, outputSize),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}

/** Several classes, one output for each: the softmax is part of CrossEntropyLoss. */
export class multiClassifier extends nn.Module {
  main: nn.Sequential;

  constructor(inputSize: number, hiddenSize: number, outputSize: number) {
    super();
    this.main = new nn.Sequential(
      new nn.Linear(inputSize, hiddenSize),
      new nn.ReLU(),
      new nn.Linear(hiddenSize, outputSize),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}
