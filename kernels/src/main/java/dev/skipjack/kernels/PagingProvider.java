package dev.skipjack.kernels;

import dev.skipjack.loader.container.PageAdvisor;
import dev.skipjack.loader.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Kernels of another provider for a mapped file that does not fit into memory, whose pages the
 * system drops and reads again. Rows that are read one by one would each bring the pages around
 * them, which is most of the file, and push out weights that every token reads: the system is told
 * that they are {@link PageAdvisor#scattered scattered}. In return all that is read is announced,
 * see {@link PagedMatrix}. Thread-safe.
 */
public final class PagingProvider extends ForwardingProvider {
  private final PageAdvisor advisor;

  public PagingProvider(KernelProvider kernels, PageAdvisor advisor) {
    super(kernels);
    this.advisor = advisor;
  }

  @Override
  public RowMatrix matrix(Tensor tensor) {
    return matrix(tensor, List.of(tensor));
  }

  @Override
  public Rows rows(Tensor tensor) {
    scatter(tensor);
    return matrix(tensor);
  }

  /** Rows of all matrices are announced when those of the first are read. */
  @Override
  public List<Rows> bundle(List<Tensor> tensors) {
    tensors.forEach(this::scatter);
    List<Tensor> mapped = tensors.stream().filter(PagingProvider::isMapped).toList();
    return IntStream.range(0, tensors.size())
        .<Rows>mapToObj(i -> matrix(tensors.get(i), i == 0 ? mapped : List.of()))
        .toList();
  }

  private void scatter(Tensor tensor) {
    if (isMapped(tensor)) {
      advisor.scattered(tensor.data());
    }
  }

  private RowMatrix matrix(Tensor tensor, List<Tensor> bundle) {
    RowMatrix matrix = kernels.matrix(tensor);
    return isMapped(tensor) ? new PagedMatrix(matrix, advisor, tensor, bundle) : matrix;
  }

  /** Copies are in memory of their own. */
  private static boolean isMapped(Tensor tensor) {
    return tensor.data().isMapped();
  }
}
