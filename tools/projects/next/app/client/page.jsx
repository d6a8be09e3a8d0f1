"use client";

import { useEffect, useState } from "react";
import { run } from "../../program.js";

export default function Page() {
  const [text, setText] = useState("");
  useEffect(() => {
    const lines = [];
    run((line) => lines.push(line)).then(() => setText(lines.join("\n")));
  }, []);
  return <pre>{text}</pre>;
}
