// Uses one layer of many.
import { Linear } from "@flambeau/nn";

console.log(String(new Linear(2, 1)));
