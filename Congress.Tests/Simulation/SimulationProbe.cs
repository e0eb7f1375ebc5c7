namespace Congress.Tests.Simulation;

/// <summary>What runs inside a mutant: the simulation, against whatever protocol this assembly is bound to.</summary>
public static class SimulationProbe
{
    /// <summary>The number of seeds until a promise is broken, or null.</summary>
    public static int? SeedsUntilFailure(int seeds)
    {
        for (var seed = 0; seed < seeds; seed++)
        {
            if (BusSimulation.Run(seed, traced: 0).Failure is not null)
            {
                return seed + 1;
            }
        }

        return null;
    }
}
