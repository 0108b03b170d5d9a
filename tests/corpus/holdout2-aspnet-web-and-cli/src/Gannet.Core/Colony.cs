using System.Collections.Concurrent;

namespace Gannet.Core;

public class Colony
{
    private readonly ConcurrentDictionary<string, int> counts = new();

    public int? On(string ledge) => counts.TryGetValue(ledge, out var birds) ? birds : null;

    public void Record(string ledge, int birds) => counts[ledge] = birds;
}
