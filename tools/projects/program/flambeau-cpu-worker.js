// For bundlers that take the paths of entries as the places of what they write.
import "@flambeau/cpu-backend/worker";
