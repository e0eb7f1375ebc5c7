namespace Congress.Benchmarks;

internal static class Program
{
    private static void Main()
    {
    }
}
