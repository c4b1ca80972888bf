/**
 * A heap of the numbers from 0 to before `size` with the least of them on top, by an order that changes: numbers may only
 * become larger in it, and each that did has to be {@link raised}.
 */
export class LeastFirst {
  private readonly compare: (a: number, b: number) => number;
  private readonly heap: Int32Array;
  /** Where each number stands in the heap. */
  private readonly places: Int32Array;

  constructor(size: number, compare: (a: number, b: number) => number) {
    this.compare = compare;
    this.heap = Int32Array.from({ length: size }, (_, i) => i);
    this.places = this.heap.slice();
    for (let place = (size >> 1) - 1; place >= 0; place--) this.sink(place);
  }

  get least(): number {
    return this.heap[0]!;
  }

  raised(number: number): void {
    this.sink(this.places[number]!);
  }

  private sink(from: number): void {
    const { heap, places, compare } = this;
    const number = heap[from]!;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
      const below = heap[child]!;
      if (compare(number, below) <= 0) break;
      heap[place] = below;
      places[below] = place;
      place = child;
    }
    heap[place] = number;
    places[number] = place;
  }
}
