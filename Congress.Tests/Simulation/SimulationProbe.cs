namespace Congress.Tests.Simulation;

/// <summary>What runs inside a mutant: the simulation, against whatever protocol this assembly is bound to.</summary>
public static class SimulationProbe
{
    /// <summary>The first seed for which a promise is broken, and which; or null.</summary>
    public static string? FirstFailure(int seeds)
    {
        for (var seed = 0; seed < seeds; seed++)
        {
            if (BusSimulation.Run(seed, traced: 0).Failure is { } failure)
            {
                return $"seed {seed}: {failure}";
            }
        }

        return null;
    }
}
