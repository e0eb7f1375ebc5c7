namespace Congress.Tests.Simulation;

/// <summary>The only source of chance in a simulation: what follows from a seed is the same on every machine.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).</remarks>
internal sealed class SimulationRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below the given one.</summary>
    public int Below(int count) => (int)((Next() >> 33) % (ulong)count);

    /// <summary>A number in a range, both ends in it.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>A time in a range of milliseconds.</summary>
    public TimeSpan Milliseconds(int low, int high) => TimeSpan.FromTicks((low * TimeSpan.TicksPerMillisecond) + (long)((high - low) * (double)TimeSpan.TicksPerMillisecond * Fraction()));

    public bool Chance(double probability) => Fraction() < probability;

    public T OneOf<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    private double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
