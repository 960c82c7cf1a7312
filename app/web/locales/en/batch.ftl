batch_parts = Parts of the batch
