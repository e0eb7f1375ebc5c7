namespace Congress.Bus.Protocol;

/// <summary>Spreads waits, so that many nodes do not try again at once. It follows from its seed: a simulation can be repeated.</summary>
/// <remarks>The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).</remarks>
internal sealed class Jitter(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A time between half of the given one and all of it.</summary>
    public TimeSpan Of(TimeSpan time) => (time / 2) + (time / 2 * ((Next() >> 11) * (1.0 / (1UL << 53))));

    private ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
