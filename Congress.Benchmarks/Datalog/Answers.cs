namespace Congress.Benchmarks.Datalog;

/// <summary>Sees to it that what is measured is right.</summary>
internal static class Answers
{
    /// <summary>Throws when an answer is another than it must be.</summary>
    public static void MustBe<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"The answer is {actual}, and must be {expected}.");
        }
    }
}
